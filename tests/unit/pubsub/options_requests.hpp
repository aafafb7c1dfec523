#pragma once
/// Requests about subscription options. XEP-0060 §6.3.

#include <string>
#include <string_view>

#include "pubsub/scene.hpp"

namespace crier::test {

/// The submission of those options, "field=value" each; several values of one field are separated
/// by '|'. The names without "pubsub#", but for those that begin with "x-".
std::string options_form(const Strings& options);

/// `<subscribe/>` of `jid` to `node`, with the options behind it.
std::string subscribe_request(std::string_view node, std::string_view jid, const Strings& options);

/// `<options/>` of that subscription; `inside` is a form, or empty; no `subid` when it is empty.
std::string options_request(std::string_view node, std::string_view jid,
                            std::string_view inside = "", std::string_view subid = "");

/// Subscribes the JID with those options, as it is; succeeds, and gives the SubID.
std::string subscribe_with(Scene& scene, std::string_view jid, std::string_view node,
                           const Strings& options = {});

/// Changes the options of a subscription; succeeds.
void set_options(Scene& scene, std::string_view jid, std::string_view node, const Strings& options,
                 std::string_view subid = "");

/// The values that an option has now.
Strings option(Scene& scene, std::string_view jid, std::string_view node, std::string_view var,
               std::string_view subid = "");

/// The SubIDs that the message's headers name, in order.
Strings subids_in(const Heard& message);

/// The ids of the items of all messages that left for `jid`, in order.
Strings heard_items(Scene& scene, std::string_view jid);

}  // namespace crier::test
