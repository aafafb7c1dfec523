#pragma once
/// Who is online, as far as the service is told: by those who share their presence with it, and by
/// directed presence. In memory only; forgotten with the stream. RFC 6121 §4.

#include <crier/ids.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crier {

/// How available a resource says that it is; `online` says nothing. RFC 6121 §4.7.2.1.
enum class Show : std::uint8_t { online, chat, away, xa, dnd };

/// Whether something happens when a subscriber comes online or goes offline; `to_the_end`: then the
/// subscription ends. These numbers are in databases.
enum class FollowsPresence : std::uint8_t { no = 0, yes = 1, to_the_end = 2 };

/// A set of entity capabilities, by its number; 0: none known. XEP-0115, XEP-0390.
enum class CapsId : std::uint32_t {};

/// An available resource. Its name is the resource of the JID; empty for a bare JID that is itself
/// available, as a server's or a component's is.
struct Resource {
  std::string name;
  CapsId caps{};
  /// Its place among those who tell the same capabilities.
  std::uint32_t place = 0;
  std::int8_t priority = 0;
  Show show = Show::online;
  /// What happens when somebody comes online has been done.
  bool welcomed = false;
  /// It sees the presence of the service; known once it is welcomed.
  bool sees_us = false;
};

/// What a presence says of a resource.
struct Availability {
  CapsId caps{};
  std::int8_t priority = 0;
  Show show = Show::online;
};

/// Who tells some capabilities, at places that are kept as long as they do: a walk over them may
/// take as long as it will while others come and go.
class CapsRoll {
 public:
  using Place = std::uint32_t;
  using Account = std::pair<const std::string, std::vector<Resource>>;
  struct Entry {
    /// Null at a place that nobody has.
    const Account* account = nullptr;
    /// The number of the first event since the resource tells any.
    EventNumber since{};
  };

  Place add(const Account& account, EventNumber since);
  void remove(Place place);
  bool empty() const { return free_.size() == entries_.size(); }
  /// One past the last place.
  Place end() const { return static_cast<Place>(entries_.size()); }
  const Entry& at(Place place) const { return entries_[place]; }

 private:
  std::vector<Entry> entries_;
  std::vector<Place> free_;
};

/// The available resources by bare JID. JIDs are normalised texts. At most 300 bytes a resource,
/// when bare JIDs and resources are of usual length.
class Presence {
 public:
  /// More resources than that are not remembered: of one bare JID, and of all together.
  static constexpr std::size_t max_resources_per_account = 64;
  static constexpr std::size_t default_max_resources = 2'000'000;

  Presence() = default;
  explicit Presence(std::size_t max_resources) : max_resources_(max_resources) {}

  /// What became of a resource.
  enum class Change { none, updated, came, left };

  /// The resource is available; `now` is the number of the first event from then on. `none` when
  /// there is no room for it.
  Change set(std::string_view jid, const Availability& told, EventNumber now);
  /// The resource is not available any more. `none` when it was not.
  Change remove(std::string_view jid);
  /// Takes note that the resource is welcomed, and whether it sees the service's presence; false
  /// when it was before, or is gone.
  bool welcome(std::string_view jid, bool sees_us);
  /// It is not, after all.
  void set_unwelcomed(std::string_view jid);
  /// Whether the resources of a bare JID see the service's presence.
  void set_sees_us(std::string_view bare, bool sees_us);

  /// Whether that resource, or for a bare JID any of its resources, is available.
  bool is_available(std::string_view jid) const;
  /// The resource of that JID, or null.
  const Resource* find(std::string_view jid) const;
  /// All available resources of the JID: of a full one itself.
  std::vector<Resource> resources(std::string_view jid) const;
  /// Whether one of them is as available as one of `shows`, a bit (1 << Show) each.
  bool shows(std::string_view jid, std::uint8_t shows) const;

  /// One of those who tell some capabilities.
  struct Teller {
    std::string_view bare;
    const Resource* resource;
    EventNumber since;
  };
  /// One past the last place of those who tell these capabilities.
  CapsRoll::Place end(CapsId caps) const;
  /// Who has that place, if anybody does.
  std::optional<Teller> at(CapsId caps, CapsRoll::Place place) const;

  /// How many resources are available.
  std::size_t size() const { return size_; }
  /// Of how many bare JIDs they are.
  std::size_t accounts() const { return accounts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Resources = std::vector<Resource>;

  const Resources* of(std::string_view bare) const;
  Resource* own(std::string_view jid);
  void enroll(const CapsRoll::Account& account, Resource& resource, EventNumber since);
  void strike(const Resource& resource);

  std::unordered_map<std::string, Resources, Hash, std::equal_to<>> accounts_;
  std::size_t max_resources_ = default_max_resources;
  std::size_t size_ = 0;
  std::unordered_map<CapsId, CapsRoll> rolls_;
};

/// The JID of a resource.
std::string full_jid(std::string_view bare, const Resource& resource);

}  // namespace crier
