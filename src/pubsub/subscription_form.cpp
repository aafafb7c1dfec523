#include "pubsub/subscription_form.hpp"

#include <crier/errors.hpp>
#include <crier/namespaces.hpp>

#include "model/payload_type.hpp"
#include "model/readable_body.hpp"
#include "model/subscription_fields.hpp"

#include <algorithm>

namespace crier {

namespace {

constexpr std::chrono::milliseconds shortest_digest{100};
constexpr std::chrono::hours longest_digest{24 * 366};

bool has_bodies(const NodeConfig& config) {
  return has_readable_body(payload_namespace(config.type));
}

Error invalid(std::string text) {
  return errors::invalid_options.because(std::move(text));
}

}  // namespace

Result<SubscriptionOptions> configured(SubscriptionOptions options, const DataForm& form,
                                       const NodeConfig& config, Turn& turn) {
  const auto old = options;
  options = TRY(apply_form(subscription_fields(), std::move(options), form, errors::invalid_options,
                           errors::invalid_options));
  const auto frequency = options.digest_frequency.value;
  if (frequency < shortest_digest || frequency > longest_digest)
    return invalid(fmt::format("A digest comes every {} milliseconds to every year.",
                               shortest_digest.count()));
  if (options.filter != old.filter)
    if (const auto problem = problem_of(options.filter)) return invalid(*problem);
  if (options.include_body && !old.include_body && !has_bodies(config))
    return invalid("The service makes no bodies of the payloads of this node.");
  if (options.digest && !old.digest && config.node_type == NodeType::collection)
    return invalid("A collection has no items of its own to make a digest of.");
  if (options.expire != old.expire && options.expire.at && *options.expire.at <= turn.now())
    return invalid("The lease would have ended already.");
  if (const auto longest = turn.policy().max_lease; longest && options.expire.at)
    options.expire.at = std::min<Time>(*options.expire.at, turn.now() + *longest);
  return options;
}

void write_options(XmlWriter& out, std::string_view type, const SubscriptionOptions& options,
                   const NodeConfig& config) {
  const auto fields =
      config.node_type == NodeType::leaf ? leaf_subscription_fields() : subscription_fields();
  std::vector<Field<SubscriptionOptions>> offered(fields.begin(), fields.end());
  std::erase_if(offered, [&](const auto& field) {
    if (field.var.starts_with("pubsub#digest")) return config.node_type == NodeType::collection;
    return field.var == "pubsub#include_body" && !has_bodies(config);
  });
  write_form(out, type, ns::subscribe_options, std::span<const Field<SubscriptionOptions>>(offered),
             options);
}

}  // namespace crier
