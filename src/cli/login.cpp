#include "cli/login.hpp"

#include <crier/fault.hpp>
#include <crier/namespaces.hpp>

#include <fmt/format.h>

#include "cli/exit_status.hpp"
#include "cli/printable.hpp"

namespace crier::cli {

namespace {

constexpr std::string_view sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
constexpr std::string_view starttls = "urn:ietf:params:xml:ns:xmpp-tls";

/// The condition and the text among the children of `element` that are in `ns`.
void read_condition(const Element& element, std::string_view ns, std::string& condition,
                    std::string& text) {
  for (const auto& child : element.children()) {
    if (child.ns != ns) continue;
    (child.name == "text" ? text : condition) = child.name == "text" ? child.text() : child.name;
  }
}

std::string with_text(std::string sentence, const std::string& condition, const std::string& text) {
  sentence += fmt::format(" ({})", printable(condition));
  if (!text.empty()) sentence += fmt::format("; it says: {}", printable(text));
  return sentence;
}

Fault sasl_failure(const Login& login, const Connection& connection) {
  const bool wrong = login.sasl_condition == "not-authorized";
  const bool later = login.sasl_condition == "temporary-auth-failure";
  return {later ? exit_status::temporary : exit_status::no_permission,
          with_text(fmt::format("{} did not let {} in{}", server_name(connection),
                                connection.account.bare(),
                                wrong ? ": the password is wrong, or there is no such user" : ""),
                    login.sasl_condition, login.sasl_text)};
}

Fault stream_failure(const Login& login, const Connection& connection) {
  const auto& condition = login.stream_condition;
  if (condition == "host-unknown" || condition == "host-gone")
    return {exit_status::no_host,
            with_text(fmt::format("{} does not serve {}", server_name(connection),
                                  connection.account.domain()),
                      condition, login.stream_text)};
  return {exit_status::temporary,
          with_text(fmt::format("{} closed the connection", server_name(connection)), condition,
                    login.stream_text)};
}

}  // namespace

void observe(Login& login, const Element& child) {
  if (child.is("features", ns::streams)) {
    login.starttls_offered = child.child("starttls", starttls) != nullptr;
  } else if (child.is("proceed", starttls)) {
    login.encrypted = true;
  } else if (child.is("failure", sasl)) {
    read_condition(child, sasl, login.sasl_condition, login.sasl_text);
  } else if (child.is("error", ns::streams)) {
    read_condition(child, ns::stream_errors, login.stream_condition, login.stream_text);
  }
}

std::string server_name(const Connection& connection) {
  return connection.server ? to_text(*connection.server) : std::string(connection.account.domain());
}

Fault login_failure(const Login& login, const Connection& connection, bool timed_out) {
  const auto name = server_name(connection);
  if (!login.certificate_problem.empty())
    return {exit_status::no_permission,
            fmt::format("{} has no valid certificate for {}: {}; if it is yours, name its "
                        "authority with --tls-ca",
                        name, connection.account.domain(), printable(login.certificate_problem))};
  if (!login.sasl_condition.empty()) return sasl_failure(login, connection);
  if (!login.stream_condition.empty()) return stream_failure(login, connection);
  if (timed_out)
    return {exit_status::temporary,
            fmt::format("{} did not answer within {} s", name,
                        std::chrono::duration<double>(connection.timeout).count())};
  if (!login.stream_opened) {
    const auto& problem = login.connect_problem;
    return {exit_status::no_host, fmt::format("{} can not be reached{}{}", name,
                                              problem.empty() ? "" : ": ", printable(problem))};
  }
  if (!connection.insecure && !login.starttls_offered && !login.encrypted)
    return {exit_status::unavailable,
            fmt::format("{} offers no encryption (STARTTLS), without which crier sends no password",
                        name)};
  const auto& error = login.libstrophe_error;
  return {exit_status::unavailable,
          fmt::format("the login at {} failed: {}", name,
                      error.empty() ? "it closed the connection" : printable(error))};
}

}  // namespace crier::cli
