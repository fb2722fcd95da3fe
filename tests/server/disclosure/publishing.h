#ifndef STEELYARD_TESTS_SERVER_DISCLOSURE_PUBLISHING_H_
#define STEELYARD_TESTS_SERVER_DISCLOSURE_PUBLISHING_H_

#include <algorithm>
#include <vector>

#include "server/disclosure/gate.h"
#include "storage/model/policy.h"
#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure::testing {

// Does with the gate what the publisher does: lines come in, are admitted or
// wait, and each release is remembered.
class Publishing {
 public:
  Publishing(const AreaTree& tree, const model::Policy& policy) : tree_(tree), policy_(policy) {}

  void Receive(const std::vector<Contribution>& lines) {
    waiting_.insert(waiting_.end(), lines.begin(), lines.end());
  }

  // Releases what the gate lets through. Whether anything new came out.
  bool Publish() {
    std::vector<Contribution> moving = waiting_;
    std::vector<Contribution> staying;
    for (;;) {
      const std::vector<Contribution> after = shown_ + moving;
      const GateResult result = Gate(tree_, partition_, {kYear, shown_, after, moving}, policy_);
      if (result.open) {
        if (moving.empty() && !partition_.empty()) return false;
        partition_ = result.partition;
        shown_ = after;
        waiting_ = staying;
        return true;
      }
      if (result.defer.empty()) return false;
      const auto waits = [&](const Contribution& c) {
        return std::binary_search(result.defer.begin(), result.defer.end(),
                                  MonthArea{c.month, c.area});
      };
      const size_t had = moving.size();
      for (const Contribution& c : moving) {
        if (waits(c)) staying.push_back(c);
      }
      std::erase_if(moving, waits);
      if (moving.size() == had) return false;  // the gate promised that this cannot be
    }
  }

  const YearPartition& partition() const { return partition_; }
  const std::vector<Contribution>& shown() const { return shown_; }
  const std::vector<Contribution>& waiting() const { return waiting_; }

 private:
  const AreaTree& tree_;
  const model::Policy& policy_;
  YearPartition partition_{kYear, {}};
  std::vector<Contribution> shown_;
  std::vector<Contribution> waiting_;
};

}  // namespace steelyard::disclosure::testing

#endif  // STEELYARD_TESTS_SERVER_DISCLOSURE_PUBLISHING_H_
