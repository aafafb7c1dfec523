#pragma once
/// What servers let the service do in the name of their users. XEP-0356.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace crier {

/// What one server grants, for all accounts of its domain.
struct Grant {
  enum class Presence { none, managed_entity, roster };

  bool roster_get = false;
  bool roster_set = false;
  /// It says that it pushes changes of rosters. Not all that say so do: see `has_pushed`.
  bool roster_push = false;
  bool has_pushed = false;
  bool message_outgoing = false;
  Presence presence = Presence::none;

  bool empty() const {
    return !roster_get && !roster_set && !message_outgoing && presence == Presence::none;
  }
};

/// The grants by domain. A domain speaks for its own users alone, so that what a stranger grants is
/// about strangers.
class Grants {
 public:
  /// More are not remembered.
  static constexpr std::size_t most = 1000;

  /// What the domain grants from now on; an empty grant takes all back. Whether it has pushed stays
  /// known.
  void set(std::string_view domain, const Grant& grant);
  /// A roster push has come from the domain.
  void note_push(std::string_view domain);
  /// What the server of that bare JID grants; nothing is granted for what is no account.
  Grant of(std::string_view bare) const;

 private:
  std::map<std::string, Grant, std::less<>> grants_;
};

}  // namespace crier
