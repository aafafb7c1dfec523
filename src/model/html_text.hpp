#pragma once
/// What people read of a text with markup. The markup is not checked, it is taken out.

#include <crier/element.hpp>

#include "model/readable_text.hpp"

#include <string_view>

namespace crier {

/// Adds the text of `html`, which is HTML as text: without tags, comments, scripts and styles, with
/// references resolved, and with a line for each block. What HTML does not have stays as it stands.
/// Linear.
void add_html(ReadableText& out, std::string_view html);

/// Adds the text of what is in `element`, whose descendants are XHTML, with a line for each block.
/// Linear, and does not recurse.
void add_xhtml(ReadableText& out, const Element& element);

}  // namespace crier
