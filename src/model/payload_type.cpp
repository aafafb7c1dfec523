#include "model/payload_type.hpp"

#include <crier/namespaces.hpp>

#include <array>

namespace crier {

namespace {

struct Profile {
  /// With or without a version, or a variant, behind.
  std::string_view type;
  std::string_view payload;
};

constexpr std::array profiles{
    Profile{"urn:xmpp:microblog:", ns::atom},
    Profile{"urn:xmpp:pubsub-social-feed:", ns::atom},
};

}  // namespace

std::string_view payload_namespace(std::string_view type) {
  for (const auto& profile : profiles)
    if (type.starts_with(profile.type)) return profile.payload;
  return type;
}

}  // namespace crier
