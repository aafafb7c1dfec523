#include "cli/client_session.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <fmt/format.h>

#include <random>
#include <utility>

#include "cli/client_stream.hpp"
#include "cli/control_stream.hpp"
#include "cli/exit_status.hpp"
#include "cli/refusal.hpp"

namespace crier::cli {

namespace {

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

std::unique_ptr<Stream> connect(const Connection& connection, Stream::Events events) {
  if (!connection.control.empty())
    return std::make_unique<ControlStream>(connection.control, connection.timeout,
                                           std::move(events));
  return std::make_unique<ClientStream>(connection, std::move(events));
}

}  // namespace

ClientSession::ClientSession(const Connection& connection)
    : connection_(connection),
      id_prefix_(random_id()),
      stream_(connect(
          connection,
          {.on_stanza = [this](Document stanza) { on_stanza(std::move(stanza)); },
           .on_oversized = [this](const Element& header,
                                  std::string_view reason) { on_oversized(header, reason); }})) {}

ClientSession::~ClientSession() {
  try {
    stream_->close();
  } catch (const std::exception&) {
    // The work is done; how the server says goodbye changes nothing.
  }
}

bool ClientSession::is_from_service(const Element& stanza) const {
  const auto from = stanza.attribute("from");
  // What has no sender comes from the own account (RFC 6120 §8.1.2.1).
  const auto sender = from ? Jid::parse(*from) : connection_.account.to_bare();
  return sender && *sender == connection_.service;
}

void ClientSession::on_stanza(Document stanza) {
  const auto& root = stanza.root();
  if (root.is("iq", ns::client))
    on_iq(std::move(stanza));
  else if (root.is("message", ns::client) && is_from_service(root))
    messages_.push_back(std::move(stanza));
}

void ClientSession::on_iq(Document iq) {
  const auto& root = iq.root();
  const auto type = root.attribute_or("type", "");
  if (type == "get" || type == "set") {
    answer(root);
  } else if (!awaited_id_.empty() && root.attribute_or("id", "") == awaited_id_ &&
             is_from_service(root)) {
    awaited_id_.clear();
    answer_ = std::move(iq);
  }
}

void ClientSession::on_oversized(const Element& header, std::string_view reason) {
  if (awaited_id_.empty() || header.attribute_or("id", "") != awaited_id_) return;
  if (!is_from_service(header)) return;
  throw Fault(exit_status::bad_data, fmt::format("the answer of {} is too large ({}); ask for less",
                                                 connection_.service.text(), reason));
}

/// Servers ask whether a client still lives (XEP-0199); all else is not for a command. RFC 6120
/// §8.4.
void ClientSession::answer(const Element& request) {
  const bool ping = request.child("ping", ns::ping) != nullptr;
  std::string text;
  XmlWriter out(text);
  {
    auto iq = out.open("iq");
    iq.attr("type", ping ? "result" : "error").attr("id", request.attribute_or("id", ""));
    if (const auto from = request.attribute("from")) iq.attr("to", *from);
    if (!ping) {
      auto error = out.open("error");
      error.attr("type", "cancel");
      out.open("service-unavailable", ns::stanza_errors);
    }
  }
  stream_->send(text);
}

Document ClientSession::exchange(const Request& request) {
  using std::chrono::steady_clock;
  answer_.reset();
  awaited_id_ = fmt::format("{}-{}", id_prefix_, ++ids_);
  stream_->send(to_iq(request, connection_.service, awaited_id_));
  const auto deadline = steady_clock::now() + connection_.timeout;
  while (!answer_) {
    if (steady_clock::now() >= deadline)
      throw Fault(exit_status::temporary,
                  fmt::format("{} did not answer within {} s", connection_.service.text(),
                              std::chrono::duration<double>(connection_.timeout).count()));
    stream_->run();
  }
  return *std::exchange(answer_, std::nullopt);
}

Document ClientSession::request(const Request& request) {
  auto answer = exchange(request);
  if (is_error(answer)) throw refused(answer, request);
  return answer;
}

Fault ClientSession::refused(const Document& answer, const Request& request) const {
  const auto refusal = read_refusal(answer.root());
  return {exit_status_of(refusal), to_text(refusal, connection_.service.text(), request.about)};
}

std::optional<Document> ClientSession::next_message(Deadline deadline,
                                                    const std::function<bool()>& stop) {
  while (messages_.empty()) {
    if (stop() || std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    stream_->run();
  }
  auto message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

bool is_error(const Document& iq) {
  return iq.root().attribute_or("type", "") == "error";
}

}  // namespace crier::cli
