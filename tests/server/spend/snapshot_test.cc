#include "server/spend/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::spend {
namespace {

using model::CouncilNo;
using model::Month;
using model::ProviderNo;

Month Quarter(int year, int quarter) { return *Month::FromYm(year, 3 * quarter - 2); }

constexpr ProviderNo kKeys{1};
constexpr ProviderNo kBarnardos{2};

std::shared_ptr<const directory::PaymentNames> Names() {
  model::Registers registers;
  model::Provider keys;
  keys.id = "keys";
  keys.display_name = "Keys Childcare Ltd";
  keys.company_number = "01234567";
  registers.Put(keys);
  model::Provider barnardos;
  barnardos.id = "barnardos";
  barnardos.display_name = "Barnardo's";
  registers.Put(barnardos);
  return std::make_shared<const directory::PaymentNames>(
      *directory::Resolver::Build(std::make_shared<const model::Registers>(std::move(registers))));
}

class SnapshotTest : public ::testing::Test {
 protected:
  void Pay(uint16_t council, std::string name, int64_t micros, std::string number = "") {
    auto source = std::make_shared<model::PaymentSource>();
    source->council.value = council;
    source->source = std::to_string(sources_.size());
    source->names = {
        {std::move(name), std::move(number), {{Quarter(2018, 1), 1, micros < 0 ? 1 : 0, micros}}}};
    sources_.push_back(std::move(source));
  }
  void Decide(const std::string& name, const std::string& provider) {
    decisions_[names_->Key(name)] = {name, provider, "t"};
  }
  Snapshot Make() const { return Snapshot(names_, decisions_, sources_); }

  std::shared_ptr<const directory::PaymentNames> names_ = Names();
  Snapshot::Sources sources_;
  Decisions decisions_;
};

TEST_F(SnapshotTest, SumsWhatAllSpellingsAndSourcesPaid) {
  Pay(1, "Keys Childcare Limited", 100);
  Pay(1, "KEYS CHILD CARE", -30);
  Pay(2, "Barnardos", 7);
  Pay(1, "Somebody Else", 1'000);
  const Snapshot snapshot = Make();
  EXPECT_THAT(snapshot.spend(),
              ::testing::ElementsAre(
                  std::pair{SpendKey{CouncilNo{1}, kKeys, Quarter(2018, 1)}, Sum{2, 1, 70}},
                  std::pair{SpendKey{CouncilNo{2}, kBarnardos, Quarter(2018, 1)}, Sum{1, 0, 7}}));
}

TEST_F(SnapshotTest, ADecisionCountsForEveryPaymentUnderTheName) {
  Pay(1, "Barnardos Leaving Care", 100);
  Pay(2, "BARNARDOS, leaving care", 10);
  Pay(2, "Northern Keys Childcare", 5);
  ASSERT_EQ(Make().proposals().size(), 2u);
  EXPECT_EQ(Make().proposals()[0].name->name, "Barnardos Leaving Care");
  EXPECT_EQ(Make().proposals()[0].name->sum, (Sum{2, 0, 110}));
  EXPECT_EQ(Make().proposals()[0].candidates[0].provider, kBarnardos);
  EXPECT_TRUE(Make().spend().empty());

  Decide("Barnardos leaving care", "barnardos");
  Decide("Northern Keys Childcare", "");
  const Snapshot snapshot = Make();
  EXPECT_TRUE(snapshot.proposals().empty());
  EXPECT_EQ(snapshot.spend().size(), 2u);
  EXPECT_EQ(snapshot.spend().at({CouncilNo{1}, kBarnardos, Quarter(2018, 1)}).micros, 100);
  EXPECT_EQ(snapshot.spend().at({CouncilNo{2}, kBarnardos, Quarter(2018, 1)}).micros, 10);
}

TEST_F(SnapshotTest, TheNumberDecidesThenAPersonThenTheName) {
  const auto found = [&](const char* name, const char* number) {
    return FindOwner(*names_, decisions_, name, number);
  };
  EXPECT_EQ(found("Keys Childcare", "").found, Found::kName);
  EXPECT_EQ(found("Keys Childcare", "01234567").found, Found::kNumber);
  EXPECT_EQ(found("Keys Childcare", "07654321").found, Found::kUnknown);
  EXPECT_EQ(found("Keyring", "").found, Found::kUnknown);
  Decide("Keys Childcare", "");
  EXPECT_EQ(found("Keys Childcare", "").found, Found::kNobody);
  EXPECT_EQ(found("Keys Childcare", "01234567").found, Found::kNumber);
  Decide("Keys Childcare", "barnardos");
  EXPECT_EQ(found("keys childcare", "").provider, kBarnardos);
  // Whose entry is gone is nobody's word.
  Decide("Keys Childcare", "gone");
  EXPECT_EQ(found("Keys Childcare", "").provider, kKeys);
}

}  // namespace
}  // namespace steelyard::spend
