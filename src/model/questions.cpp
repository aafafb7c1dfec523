#include <crier/session.hpp>

namespace crier {

bool Questions::add(std::string id, Question question) {
  // Those about deliveries are few, and deliveries would end without.
  if (waiting_.size() >= most && question.kind != QuestionKind::delivery) return false;
  deadlines_.emplace_back(question.deadline, id);
  waiting_.emplace(std::move(id), std::move(question));
  return true;
}

std::optional<Question> Questions::take(std::string_view id, std::string_view from) {
  const auto found = waiting_.find(std::string(id));
  if (found == waiting_.end() || found->second.to != from) return {};
  auto question = std::move(found->second);
  waiting_.erase(found);
  while (!deadlines_.empty() && !waiting_.contains(deadlines_.front().second))
    deadlines_.pop_front();
  return question;
}

std::optional<Question> Questions::take_late(Time now) {
  while (!deadlines_.empty() && deadlines_.front().first <= now) {
    const auto id = std::move(deadlines_.front().second);
    deadlines_.pop_front();
    if (auto late = waiting_.extract(id)) return std::move(late.mapped());
  }
  return {};
}

Time Questions::next_deadline() const {
  return deadlines_.empty() ? Time::max() : deadlines_.front().first;
}

}  // namespace crier
