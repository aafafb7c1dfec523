#include <crier/waiting_requests.hpp>

#include <utility>

namespace crier {

bool WaitingRequests::has_room(std::size_t bytes, std::size_t more, std::size_t more_bytes) const {
  return size() + more < most && bytes_ + more_bytes + bytes <= most_bytes;
}

void WaitingRequests::add(WaitingRequest request) {
  bytes_ += request.xml.size();
  if (request.owners.empty())
    ready_.push_back(std::move(request.xml));
  else
    waiting_.push_back(std::move(request));
}

void WaitingRequests::settle(std::string_view owner) {
  std::erase_if(waiting_, [&](WaitingRequest& request) {
    request.owners.erase(std::string(owner));
    if (!request.owners.empty()) return false;
    ready_.push_back(std::move(request.xml));
    return true;
  });
}

std::string WaitingRequests::take_ready() {
  auto xml = std::move(ready_.front());
  ready_.pop_front();
  bytes_ -= xml.size();
  return xml;
}

}  // namespace crier
