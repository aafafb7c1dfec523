#include "pubsub/stanza_text.hpp"

#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace crier::test {

namespace {

std::string canonical(const Element& element) {
  std::string text = fmt::format("<{}", element.name);
  if (!element.parent || element.parent->ns != element.ns)
    text += fmt::format(" xmlns='{}'", escape_attribute(element.ns));
  Strings attributes;
  for (const auto& each : element.attributes) {
    const auto ns = each.ns.empty() ? "" : fmt::format("{{{}}}", each.ns);
    attributes.push_back(fmt::format(" {}{}='{}'", ns, each.name, escape_attribute(each.value)));
  }
  std::ranges::sort(attributes);
  for (const auto& attribute : attributes) text += attribute;
  text += '>';
  for (const auto* link = element.content; link; link = link->next)
    text += link->element ? canonical(*link->element) : escape_attribute(link->text);
  return text + fmt::format("</{}>", element.name);
}

std::string error_text(const Element& stanza) {
  for (const auto& error : stanza.children()) {
    if (error.name != "error") continue;
    std::string text(error.attribute_or("type", ""));
    for (const auto& condition : error.children()) {
      if (condition.name == "text") continue;
      text += condition.ns == ns::pubsub_errors ? ' ' : '/';
      text += condition.name;
      if (const auto feature = condition.attribute("feature")) (text += ':') += *feature;
    }
    return text;
  }
  return {};
}

/// Visits the element and all inside of it, in document order.
template <class Visit>
void walk(const Element& element, Visit visit) {
  visit(element);
  for (const auto& child : element.children()) walk(child, visit);
}

}  // namespace

Document parsed(std::string_view xml) {
  auto document = parse_xml(xml);
  REQUIRE_MESSAGE(document, std::string(xml));
  return std::move(*document);
}

std::string first_child_of(const Element& stanza) {
  const auto* child = stanza.first_child();
  return child ? test::canonical(to_xml(*child)) : "";
}

Answer read_answer(const std::string& xml) {
  const auto document = parsed(xml);
  const auto& stanza = document.root();
  Answer answer{xml, std::string(stanza.attribute_or("type", "")), error_text(stanza), {}};
  const auto* payload = stanza.first_child();
  if (payload && payload->name != "error") answer.payload = first_child_of(stanza);
  return answer;
}

std::string canonical(std::string_view xml) {
  return canonical(parsed(xml).root());
}

std::string pubsub(std::string_view inside) {
  return fmt::format("<pubsub xmlns='{}'>{}</pubsub>", ns::pubsub, inside);
}

std::string pubsub_owner(std::string_view inside) {
  return fmt::format("<pubsub xmlns='{}'>{}</pubsub>", ns::pubsub_owner, inside);
}

std::string event(std::string_view inside) {
  return canonical(fmt::format("<event xmlns='{}'>{}</event>", ns::pubsub_event, inside));
}

std::string iq(std::string_view type, std::string_view from, std::string_view payload,
               std::string_view id) {
  return fmt::format("<iq type='{}' from='{}' to='{}' id='{}'>{}</iq>", type,
                     escape_attribute(from), scene_jid, escape_attribute(id), payload);
}

std::string page(std::string_view inside) {
  return fmt::format("<set xmlns='{}'>{}</set>", ns::rsm, inside);
}

Strings ids_in(std::string_view stanza) {
  Strings ids;
  walk(parsed(stanza).root(), [&](const Element& element) {
    if (element.name == "item")
      ids.emplace_back(element.attribute_or("id", element.attribute_or("name", "")));
  });
  return ids;
}

Strings texts_of(std::string_view stanza, std::string_view name) {
  Strings texts;
  walk(parsed(stanza).root(), [&](const Element& element) {
    if (element.name == name) texts.push_back(element.text());
  });
  return texts;
}

Strings attributes_of(std::string_view stanza, std::string_view name, std::string_view attribute) {
  Strings values;
  walk(parsed(stanza).root(), [&](const Element& element) {
    if (element.name != name) return;
    if (const auto value = element.attribute(attribute)) values.emplace_back(*value);
  });
  return values;
}

Strings field_in(std::string_view stanza, std::string_view var) {
  Strings values;
  walk(parsed(stanza).root(), [&](const Element& element) {
    if (element.name != "field" || element.attribute_or("var", "") != var) return;
    for (const auto& child : element.children())
      if (child.name == "value") values.push_back(child.text());
  });
  return values;
}

std::string submit_form(std::string_view form_type, const Strings& config) {
  auto form = fmt::format(
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
      "<value>{}</value></field>",
      form_type);
  for (const auto& entry : config) {
    const auto split = entry.find('=');
    const auto prefix = entry.starts_with("x-") ? "" : "pubsub#";
    form += fmt::format("<field var='{}{}'>", prefix, entry.substr(0, split));
    for (auto rest = entry.substr(split + 1);;) {
      const auto bar = rest.find('|');
      form += fmt::format("<value>{}</value>", rest.substr(0, bar));
      if (bar == std::string::npos) break;
      rest = rest.substr(bar + 1);
    }
    form += "</field>";
  }
  return form + "</x>";
}

}  // namespace crier::test
