#pragma once
/// What tests of collections ask and look at. XEP-0248.

#include "pubsub/scene.hpp"

namespace crier::test {

constexpr auto alice = "alice@a.example/x";
constexpr auto bob = "bob@b.example";
constexpr auto carol = "carol@c.example";

/// Alice creates a collection; succeeds.
void collection(Scene& scene, std::string_view name, Strings config = {});
/// Subscribes with options.
Answer follow(Scene& scene, std::string_view who, std::string_view node, const Strings& options);
/// Associates the node with the collection, or does `what` to it.
Answer associate(Scene& scene, std::string_view who, std::string_view node, std::string_view child,
                 std::string_view what = "associate");
/// The values of a field in the configuration that alice, who owns the node, is shown.
Strings configured(Scene& scene, std::string_view node, std::string_view var);
/// The nodes that a list of discovery holds; of the service without a name.
Strings listed(Scene& scene, std::string_view who, std::string_view node = "");
/// Through which collection each message came that `jid` heard, "collection:event", sorted.
Strings through(Scene& scene, std::string_view jid);
/// The error of a configuration by `who` that must be refused and change nothing.
std::string refused_configuration(Scene& scene, std::string_view who, std::string_view node,
                                  const Strings& config);

}  // namespace crier::test
