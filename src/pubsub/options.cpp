/// Subscription options, which this service does not have. XEP-0060 §6.3, §6.4.

#include <crier/errors.hpp>

#include "pubsub/use_cases.hpp"

namespace crier {

Result<Reply> subscription_options(const Request&, Turn&) {
  return errors::subscription_options_unsupported;
}

Result<Reply> default_subscription_options(const Request&, Turn&) {
  return errors::retrieve_default_sub_unsupported;
}

}  // namespace crier
