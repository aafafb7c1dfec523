#include "cli/json.hpp"

#include "cli/printable.hpp"

namespace crier::cli {

std::string to_text(const Json& json) {
  return printable_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace crier::cli
