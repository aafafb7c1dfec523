#pragma once
/// How a batch does something in a transaction: for the files that batch.hpp is written in.

#include "pubsub/batch.hpp"

namespace crier {

template <class Work>
Batch::Outcome Batch::attempt(Work work) {
  auto outcome = Outcome::good;
  try {
    store_.begin();
    work();
    outcome = commit_transaction();
  } catch (const StoreFailure& failure) {
    outcome = failed(failure);
  } catch (const std::exception& defect) {
    complain_(defect.what(), {});
    outcome = Outcome::defect;
  }
  if (outcome != Outcome::good) store_.rollback();
  return outcome;
}

template <class Work>
Batch::Outcome Batch::transact(Work work) {
  const auto outcome = attempt(work);
  if (outcome != Outcome::good) abandon();
  return outcome;
}

}  // namespace crier
