#pragma once
/// Stanzas as text: what tests send, and what they read out of answers.

#include <crier/element.hpp>

#include "strings.hpp"

#include <string>
#include <string_view>

namespace crier::test {

/// The service of a scene.
constexpr std::string_view scene_jid = "pubsub.example.org";

/// The answer to one request.
struct Answer {
  /// The whole stanza; empty when there was none.
  std::string xml;
  /// `result` or `error`.
  std::string type;
  /// Of an error: "type/condition", and behind a space the pubsub condition, if there is one:
  /// "auth/forbidden", "cancel/not-allowed closed-node", "cancel/feature-not-implemented
  /// unsupported:subscribe".
  std::string error;
  /// The payload of a result, or what an error echoes, as canonical text; empty without one.
  std::string payload;
};

Answer read_answer(const std::string& xml);

/// The document, which must be well-formed.
Document parsed(std::string_view xml);
/// The canonical text of the stanza's first child, as if it stood alone; empty when there is none.
std::string first_child_of(const Element& stanza);

/// `xml` in a spelling of its own, in which equal infosets are equal texts: neither quotes, nor
/// prefixes, nor the order of attributes matter. Attributes of a namespace are {namespace}name.
std::string canonical(std::string_view xml);

/// `<pubsub/>` with `inside` in it, as anybody asks and as an owner does.
std::string pubsub(std::string_view inside);
std::string pubsub_owner(std::string_view inside);
/// The canonical text of an event with `inside` in it.
std::string event(std::string_view inside);
/// An IQ to the service.
std::string iq(std::string_view type, std::string_view from, std::string_view payload,
               std::string_view id = "q");
/// `<set/>` of a page with `inside` in it.
std::string page(std::string_view inside);

/// The ids of all `<item/>` in the stanza, in order; the `name` of items of discovery.
Strings ids_in(std::string_view stanza);
/// The texts of all elements of that name in the stanza, in order.
Strings texts_of(std::string_view stanza, std::string_view element);
/// The values of that attribute of all elements of that name in the stanza, in order.
Strings attributes_of(std::string_view stanza, std::string_view element,
                      std::string_view attribute);
/// The values of the form's field in the stanza.
Strings field_in(std::string_view stanza, std::string_view var);

/// `<x type='submit'>` with FORM_TYPE and the fields of `config`, "field=value" each; several
/// values of one field are separated by '|'.
std::string submit_form(std::string_view form_type, const Strings& config);

}  // namespace crier::test
