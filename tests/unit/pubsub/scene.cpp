#include "pubsub/scene.hpp"

#include <crier/capabilities.hpp>
#include <crier/namespaces.hpp>
#include <crier/xml_writer.hpp>

#include "model/copies.hpp"
#include "storage/sqlite_store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>

namespace crier::test {

namespace {

std::filesystem::path fresh_directory() {
  auto pattern = (std::filesystem::temp_directory_path() / "crier-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

}  // namespace

Policy Scene::policy() {
  Policy policy;
  policy.domain = scene_jid;
  policy.admins.insert("admin@example.org");
  policy.creators.all = true;
  return policy;
}

Scene::Scene() : Scene(policy()) {}

Scene::Scene(Policy policy) : Scene(make_service(std::move(policy))) {}

Scene::Scene(Service service) : directory_(fresh_directory()), service_(std::move(service)) {
  open();
}

Scene::~Scene() {
  CHECK(complaints == Strings{});
  batch_.reset();
  store_.reset();
  std::filesystem::remove_all(directory_);
}

void Scene::open() {
  batch_.reset();
  nodes_.reset();
  store_.reset();
  store_ = std::make_unique<TestStore>(SqliteStore::open(directory_ / "crier.db"));
  nodes_ = std::make_unique<NodeCache>(cache_bytes);
  World world{
      .now = [this] { return now; },
      .random = [this] { return ++dice_ * 0x9e3779b97f4a7c15u; },
      .uptime = [this,
                 opened = now] { return std::chrono::floor<std::chrono::seconds>(now - opened); }};
  if (read_configuration) world.reload = read_configuration;
  batch_ = std::make_unique<Batch>(
      service_, *store_, *nodes_, std::move(world),
      [this](std::string_view what, std::string_view) { complaints.emplace_back(what); });
  connect();
}

void Scene::connect() {
  store_->fail_commit = std::exchange(fail_first_commit, false);
  release(batch_->connected());
  settle();
}

void Scene::lose_stream() {
  own_.clear();
  batch_->disconnected();
}

void Scene::settle() {
  do {
    if (server_answers)
      for (const auto& [jid, id] : std::exchange(info_requests_, {})) {
        const auto found = clients.find(jid);
        answer_later(jid, id, found == clients.end() ? "" : found->second);
      }
    const auto own = server_answers ? std::exchange(own_, {}) : Strings();
    for (const auto& stanza : own) batch_->handle(parsed(stanza));
    release(batch_->commit());
    if (batch_->has_work()) release(batch_->work());
  } while (batch_->has_work() || (server_answers && !(own_.empty() && info_requests_.empty())));
}

void Scene::share_presence(std::string_view jid) {
  send(fmt::format("<presence type='subscribed' from='{}' to='{}'/>", jid, scene_jid));
}

void Scene::come(std::string_view jid, std::string_view inside) {
  send_batch({fmt::format("<presence from='{}' to='{}'>{}</presence>", jid, scene_jid, inside)});
}

void Scene::leave(std::string_view jid) {
  send_batch({fmt::format("<presence type='unavailable' from='{}' to='{}'/>", jid, scene_jid)});
}

Strings Scene::presences(std::string_view jid) {
  const auto found = presences_.find(jid);
  return found == presences_.end() ? Strings() : std::exchange(found->second, {});
}

void Scene::restart() {
  // What was sent a while ago is noted; what waits is lost.
  if (batch_ && untaken_.empty()) note_progress();
  untaken_.clear();
  now += std::chrono::seconds(1);
  open();
}

void Scene::restart(Policy policy) {
  note_progress();
  batch_.reset();
  service_ = make_service(std::move(policy));
  restart();
}

Strings Scene::reload(Policy policy) {
  left_.clear();
  const Service before = std::exchange(service_, make_service(std::move(policy)));
  batch_->policy_changed(before);
  settle();
  return left_;
}

Answer Scene::get(std::string_view from, std::string_view payload) {
  return request("get", from, payload);
}

Answer Scene::set(std::string_view from, std::string_view payload) {
  return request("set", from, payload);
}

std::string Scene::refused_get(std::string_view from, std::string_view payload) {
  return refusal("get", from, payload);
}

std::string Scene::refused_set(std::string_view from, std::string_view payload) {
  return refusal("set", from, payload);
}

std::string Scene::refusal(std::string_view type, std::string_view from, std::string_view payload) {
  const auto before = stored() + audited();
  const auto answer = request(type, from, payload);
  CHECK_MESSAGE(answer.type == "error", answer.xml);
  CHECK(stored() + audited() == before);
  CHECK(left_.size() == 1);
  return answer.error;
}

Answer Scene::request(std::string_view type, std::string_view from, std::string_view payload) {
  return send(iq(type, from, payload, std::to_string(++next_id_)));
}

void Scene::succeed(std::string_view from, std::string_view payload) {
  const auto answer = set(from, payload);
  REQUIRE_MESSAGE(answer.type == "result", answer.xml);
}

Answer Scene::send(std::string_view stanza) {
  answers_.clear();
  send_batch({std::string(stanza)});
  REQUIRE(answers_.size() <= 1);
  return answers_.empty() ? Answer{} : read_answer(answers_.front());
}

Strings Scene::wait(Time::duration duration) {
  now += duration;
  left_.clear();
  while (batch_->next_timer() <= now) release(batch_->run_timers(10));
  settle();
  return left_;
}

Strings Scene::send_batch(const Strings& stanzas) {
  left_.clear();
  for (const auto& stanza : stanzas) batch_->handle(parsed(stanza));
  release(batch_->commit());
  settle();
  while (batch_->sweep(1000)) {
  }
  return left_;
}

void Scene::release(Effects effects) {
  if (effects.orders.shut_down || !effects.orders.log_level.empty()) orders = effects.orders;
  for (const auto& xml : effects.stanzas) take(xml);
  for (auto& broadcast : effects.broadcasts)
    if (server_takes)
      take(broadcast);
    else
      untaken_.push_back(std::move(broadcast));
}

void Scene::take(Broadcast& broadcast) {
  std::string out;
  std::vector<std::size_t> starts;
  while (!broadcast.render(
      out, 4096, [&](std::size_t at) { starts.push_back(at); }, copier)) {
  }
  starts.push_back(out.size());
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto xml = out.substr(starts[i], starts[i + 1] - starts[i]);
    const auto copies = copies::made_of(parsed(xml).root());
    for (const auto& copy : copies) take(copy);
    if (copies.empty()) take(xml);
  }
}

void Scene::take_some(std::size_t messages) {
  for (; messages > 0 && !untaken_.empty(); --messages) {
    std::string out;
    const bool is_last = untaken_.front().render(out, 1, [](std::size_t) {});
    take(out);
    if (is_last) untaken_.erase(untaken_.begin());
  }
}

void Scene::note_progress() {
  std::vector<Fanout> unfinished;
  for (const auto& broadcast : untaken_)
    if (const auto rest = broadcast.rest_from(broadcast.position())) unfinished.push_back(*rest);
  CHECK(batch_->note_progress(unfinished));
}

void Scene::take(const std::string& xml) {
  const auto document = parsed(xml);
  const auto& stanza = document.root();
  const std::string to(stanza.attribute_or("to", ""));
  if (to == service_.policy().domain) return own_.push_back(xml);
  if (stanza.name == "iq" && stanza.child("query", "jabber:iq:roster"))
    return take_roster_request(to, stanza.attribute_or("id", ""));
  if (stanza.name == "iq" && stanza.attribute("type") == "get") {
    asked_clients_.push_back(to);
    return info_requests_.push_back({to, std::string(stanza.attribute_or("id", ""))});
  }
  left_.push_back(xml);
  if (stanza.name == "presence") {
    presences_[to].emplace_back(stanza.attribute_or("type", "available"));
    return;
  }
  if (stanza.name != "message") return answers_.push_back(xml);
  CHECK(stanza.attribute_or("from", "") == service_.policy().domain);
  heard_[to].push_back({xml, std::string(stanza.attribute_or("type", "")), first_child_of(stanza)});
}

void Scene::take_roster_request(const std::string& owner, std::string_view id) {
  asked_rosters_.push_back(owner);
  const auto found = rosters.find(owner);
  answer_later(owner, id,
               found == rosters.end()
                   ? ""
                   : fmt::format("<query xmlns='jabber:iq:roster'>{}</query>", found->second));
}

/// An empty `result` is an error.
void Scene::answer_later(const std::string& from, std::string_view id, std::string_view result) {
  constexpr auto refusal =
      "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  own_.push_back(fmt::format("<iq type='{}' from='{}' to='{}' id='{}'>{}</iq>",
                             result.empty() ? "error" : "result", from, service_.policy().domain,
                             id, result.empty() ? refusal : result));
}

void Scene::come_with(std::string_view jid, const Strings& features) {
  std::string query = "<query xmlns='http://jabber.org/protocol/disco#info'>";
  for (const auto& feature : features)
    query += fmt::format("<feature var='{}'/>", escape_attribute(feature));
  query += "</query>";
  const auto hash = caps_hash("sha-1", "u:software", parsed(query).root());
  clients.insert_or_assign(std::string(jid), std::move(query));
  come(jid, fmt::format("<c xmlns='{}' hash='sha-1' node='u:software' ver='{}'/>", ns::caps,
                        hash->hash));
}

Strings Scene::asked_clients() {
  return std::exchange(asked_clients_, {});
}

void Scene::grant(std::string_view domain, std::string_view perms, std::string_view ns) {
  send_batch(
      {fmt::format("<message from='{}' to='{}'><privilege xmlns='{}'>{}</privilege></message>",
                   domain, service_.policy().domain, ns, perms)});
}

Strings Scene::asked_rosters() {
  return std::exchange(asked_rosters_, {});
}

Answer Scene::push(std::string_view owner, std::string_view item) {
  return set(owner, fmt::format("<query xmlns='jabber:iq:roster'>{}</query>", item));
}

std::vector<Heard> Scene::heard(std::string_view jid) {
  const auto found = heard_.find(jid);
  return found == heard_.end() ? std::vector<Heard>() : std::exchange(found->second, {});
}

Strings Scene::events(std::string_view jid) {
  Strings events;
  for (auto& message : heard(jid)) events.push_back(std::move(message.event));
  return events;
}

std::string Scene::stored() const {
  return rows_of({"node", "affiliation", "subscription", "item", "timer", "association", "redirect",
                  "contact", "event", "offline_purge", "bounce", "ban", "announcement"});
}

std::string Scene::audited() const {
  return rows_of({"audit"});
}

std::string Scene::rows_of(std::initializer_list<const char*> tables) const {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((directory_ / "crier.db").c_str(), &database) == SQLITE_OK);
  std::string text;
  const auto append_row = [](void* out, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) {
      *static_cast<std::string*>(out) += values[i] ? values[i] : "NULL";
      *static_cast<std::string*>(out) += '|';
    }
    *static_cast<std::string*>(out) += '\n';
    return 0;
  };
  for (const auto* table : tables)
    REQUIRE(sqlite3_exec(database, fmt::format("SELECT * FROM {}", table).c_str(), append_row,
                         &text, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  return text;
}

}  // namespace crier::test
