#include "wire/lookup.hpp"

#include "wire/connection.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/eventfd.h>

#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace crier {

Lookup::Answer Lookup::ask(const ServerAddress& server, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* list = nullptr;
  Answer answer;
  answer.error =
      getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &list);
  if (answer.error != 0) return answer;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(list, freeaddrinfo);
  for (const auto* found = list; found; found = found->ai_next) {
    auto& address = answer.addresses.emplace_back();
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.size = found->ai_addrlen;
  }
  return answer;
}

Lookup::Lookup(const ServerAddress& server)
    : host_(server.host), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  UniqueFd done(dup(event_.get()));
  if (!event_ || !done) throw ConnectionLost("no descriptor left to look up the server's address");
  std::promise<Answer> promise;
  answer_ = promise.get_future();
  const auto finish = [](std::promise<Answer>& told, const UniqueFd& event, Answer answer) {
    told.set_value(std::move(answer));
    eventfd_write(event.get(), 1);
  };
  auto numeric = ask(server, AI_NUMERICHOST);
  if (numeric.error == 0) {
    finish(promise, done, std::move(numeric));
    return;
  }
  try {
    std::thread([promise = std::move(promise), done = std::move(done), server, finish]() mutable {
      finish(promise, done, ask(server, 0));
    }).detach();
  } catch (const std::system_error&) {
    throw ConnectionLost("no thread to be had to look up the server's address");
  }
}

std::vector<SocketAddress> Lookup::take() {
  auto answer = answer_.get();
  if (answer.error != 0)
    throw ConnectionLost(fmt::format("cannot look up the host {}: {}; check --server", host_,
                                     gai_strerror(answer.error)));
  return std::move(answer.addresses);
}

}  // namespace crier
