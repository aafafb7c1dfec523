#include <crier/reload.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crier {

std::string to_text(const Reload& reload) {
  if (reload.empty()) return "nothing has changed";
  std::string text;
  if (!reload.applied.empty()) text = fmt::format("changed: {}", fmt::join(reload.applied, ", "));
  if (reload.need_restart.empty()) return text;
  return fmt::format("{}{}restart crier for: {}", text, text.empty() ? "" : "; ",
                     fmt::join(reload.need_restart, ", "));
}

}  // namespace crier
