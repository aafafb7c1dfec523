#pragma once
/// Who is online, as far as the service is told: by those who share their presence with it, and by
/// directed presence. In memory only; forgotten with the stream. RFC 6121 §4.

#include <cstddef>
#include <cstdint>
#include <functional>
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
  std::int8_t priority = 0;
  Show show = Show::online;
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

  /// The resource is available. `none` when there is no room for it.
  Change set(std::string_view jid, CapsId caps, std::int8_t priority, Show show);
  /// The resource is not available any more. `none` when it was not.
  Change remove(std::string_view jid);
  /// The same for all resources of a bare JID; their full JIDs.
  std::vector<std::string> remove_all(std::string_view bare);
  void clear();

  /// Whether that resource, or for a bare JID any of its resources, is available.
  bool is_available(std::string_view jid) const;
  /// The resource of that JID, or null.
  const Resource* find(std::string_view jid) const;
  /// All available resources of the JID: of a full one itself.
  std::vector<Resource> resources(std::string_view jid) const;
  /// Whether one of them is as available as one of `shows`, a bit (1 << Show) each.
  bool shows(std::string_view jid, std::uint8_t shows) const;

  /// How many resources are available.
  std::size_t size() const { return size_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Resources = std::vector<Resource>;

  const Resources* of(std::string_view bare) const;

  std::unordered_map<std::string, Resources, Hash, std::equal_to<>> accounts_;
  std::size_t max_resources_ = default_max_resources;
  std::size_t size_ = 0;
};

}  // namespace crier
