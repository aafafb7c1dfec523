#pragma once
/// The service that does nothing but answer and copy: what it reaches behind a server is the most
/// that any service can reach there.
///
/// It knows no rights, no configuration and no disk, and looks into a request no deeper than it
/// must: whom it names and what it copies are taken as text, as the server wrote them. It keeps who
/// subscribed, and the text of the latest items of a node, so that what it answers passes the same
/// checks as everybody's answers. These say as much as XEP-0060's examples do: each element costs
/// the server.

#include "link.hpp"
#include "scanner.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

/// What the service knows and says, without the stream.
class Ceiling {
 public:
  explicit Ceiling(std::string jid);

  /// Appends to `out` what `stanza` brings about: an answer when it is a request, and for a publish
  /// behind it a copy for each subscriber of the node. Everything is granted.
  void take(const Stanza& stanza, std::string& out);

 private:
  /// The items that are kept of each node.
  static constexpr std::size_t kept = 100;
  /// That are listed of each node.
  static constexpr std::size_t listed = 20;

  struct Node {
    std::vector<std::string> subscribers;
    /// Each of them whole, <item/>; the place of the next one is published % kept.
    std::array<std::string, kept> items;
    std::size_t published = 0;
  };

  Node& node(std::string_view name);
  void answer(const Stanza& request, std::string_view content, std::string& out) const;
  void publish(const Stanza& request, std::string_view name, std::string_view items,
               std::string& out);
  void subscribe(const Stanza& request, const Tag& tag, std::string& out);
  void unsubscribe(const Stanza& request, const Tag& tag, std::string& out);
  void retrieve(const Stanza& request, const Tag& tag, std::string& out);
  void discover(const Stanza& request, const Tag& query, std::string& out);
  void configure(const Stanza& request, std::string_view name, std::string& out);

  std::string jid_;
  /// What it says of any node, and the form of its configuration.
  std::string info_;
  std::string form_;
  std::map<std::string, Node, std::less<>> nodes_;
};

/// Serves over `link` as `jid` until the peer ends the stream. Throws Interrupted, and
/// std::runtime_error when the stream breaks.
void serve_ceiling(Link& link, const std::string& jid);

}  // namespace crier::bench
