#include "cli/client_command.hpp"

#include "cli/control_stream.hpp"
#include "cli/password.hpp"

namespace crier::cli {

Call SharedOptions<Call>::read() const {
  Call call{connection_of(options_), options_.json, options_.timeout.has_value()};
  if (call.connection.control.empty())
    call.connection.password = read_password(options_, call.connection.account);
  else
    introduce(call.connection);
  return call;
}

void SharedOptions<LocalCall>::declare(Arguments arguments) {
  arguments.add_flag("--json", json_, "print JSON").group("Output");
}

}  // namespace crier::cli
