#include "server/directory/payment_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::directory {
namespace {

using model::ProviderNo;
using Kind = PaymentMatch::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class PaymentNamesTest : public ::testing::Test {
 protected:
  PaymentNamesTest() {
    Put("keys", "Keys Group", {});
    Put("keys-childcare", "Keys Childcare Limited", {"Keys Child Care (North)"}, "", "keys");
    Put("priory-education", "Priory Education Services Limited", {"Rossendale School"}, "06244880");
    Put("barnardos", "Barnardo's", {"Barnardo Services Limited"});
    Put("compass", "Compass Fostering North Limited", {});
    Put("acorn", "Acorn Care & Education Limited", {"Acorn Care and Education (UK)"});
    Put("together", "The Together Trust", {});
    Put("time-out", "Time Out Children's Homes Ltd", {});
    Put("care-ex", "Care-Ex Services Ltd t/a Concerto", {});
    model::Council essex;
    essex.id = "ess";
    essex.display_name = "Essex County Council";
    essex.aliases = {"Essex"};
    registers_.Put(essex);
    model::Council manchester;
    manchester.id = "man";
    manchester.display_name = "Manchester City Council";
    manchester.aliases = {"Manchester"};
    registers_.Put(manchester);
  }

  void Put(const char* id, const char* name, std::vector<std::string> aliases,
           const char* number = "", const char* owner = "") {
    model::Provider p;
    p.id = id;
    p.display_name = name;
    p.aliases = std::move(aliases);
    p.company_number = number;
    if (*owner != 0) p.owners = {{owner, std::nullopt, std::nullopt}};
    registers_.Put(std::move(p));
  }

  PaymentNames Names() {
    return PaymentNames(*Resolver::Build(std::make_shared<const model::Registers>(registers_)));
  }

  std::string Found(std::string_view name, std::string_view number = "") {
    const PaymentMatch match = Names().Find(name, number);
    return match.kind == Kind::kNone ? "" : registers_.FindProvider(match.provider)->id;
  }

  std::vector<std::string> Proposed(std::string_view name) {
    std::vector<std::string> ids;
    for (const NameCandidate& c : Names().Propose(name)) {
      EXPECT_GE(c.likeness, kProposedLikeness) << name;
      EXPECT_LE(c.likeness, 1) << name;
      ids.push_back(registers_.FindProvider(c.provider)->id);
    }
    return ids;
  }

  model::Registers registers_;
};

TEST_F(PaymentNamesTest, TheSameNameIsFoundHoweverItIsWritten) {
  for (const char* name :
       {"Keys Childcare Limited", "KEYS CHILDCARE LTD", "Keys Childcare", "Keys Child Care Ltd",
        "keys-childcare ltd.", "Keys Child Care (North)", "The Keys Childcare Ltd",
        "Keys Childcare UK Ltd", "Keys Childcare PLC"}) {
    EXPECT_EQ(Found(name), "keys-childcare") << name;
  }
  EXPECT_EQ(Found("Together Trust"), "together");
  EXPECT_EQ(Found("Timeout Childrens Homes"), "time-out");
  EXPECT_EQ(Found("Acorn Care and Education"), "acorn");
  EXPECT_EQ(Found("ACORN CARE & EDUCATION UK LTD"), "acorn");
  EXPECT_EQ(Found("rossendale school"), "priory-education");
}

TEST_F(PaymentNamesTest, ANameOfOneWordMustAgreeInItsLegalFormToo) {
  EXPECT_EQ(Found("BARNARDOS"), "barnardos");
  EXPECT_EQ(Found("Barnardos Ltd"), "");
  Put("compass-group", "Compass", {});
  EXPECT_EQ(Found("Compass"), "");
  EXPECT_THAT(Proposed("Compass")[0], "compass-group");
  Put("swaay", "Swaay Limited", {});
  EXPECT_EQ(Found("SWAAY LTD"), "swaay");
  EXPECT_EQ(Found("Swaay"), "");
  EXPECT_THAT(Proposed("Swaay"), ElementsAre("swaay"));
}

TEST_F(PaymentNamesTest, ALookAlikeIsNotMatched) {
  for (const char* name :
       {"Northern Keys Ltd", "Northern Keys Ltd (Roy Cooper)", "Norton Priory Museum Trust Ltd",
        "Compass Minerals UK Ltd", "Compass Group UK", "Acorn Scaffolding Ltd", "Keys",
        "Compassion Food Bank", "Priory & Needham Avenue", "Wythenshawe Together", "Keys Children",
        "", "Ltd", "!!"}) {
    EXPECT_EQ(Found(name), "") << name;
  }
  for (const char* name : {"Norton Priory Museum Trust Ltd", "Compassion Food Bank",
                           "Acorn Scaffolding & Event Structure", "Compass Computer Consultants"}) {
    EXPECT_THAT(Proposed(name), IsEmpty()) << name;
  }
}

TEST_F(PaymentNamesTest, ANumberDecidesForAndAgainst) {
  EXPECT_EQ(Found("Anything at all", "06244880"), "priory-education");
  EXPECT_EQ(Names().Find("Rossendale School", "06244880").kind, Kind::kNumber);
  EXPECT_EQ(Found("Rossendale School", "01000000"), "");                 // another company
  EXPECT_EQ(Found("Keys Childcare Ltd", "01000000"), "keys-childcare");  // ours is not known
  EXPECT_EQ(Found("Keys Childcare Ltd"), "keys-childcare");
}

TEST_F(PaymentNamesTest, ATradingNameIsNotTheCompany) {
  EXPECT_EQ(Found("Keys Childcare Ltd T/A Sunny House"), "keys-childcare");
  EXPECT_EQ(Found("Keys Childcare Limited trading as Sunny House"), "keys-childcare");
  EXPECT_EQ(Found("Sunny House Ltd t/a Keys Childcare"), "");
  EXPECT_EQ(Found("Care-Ex Services Limited"), "care-ex");
  EXPECT_EQ(Found("Concerto"), "");
}

TEST_F(PaymentNamesTest, ANameOfTwoProvidersMatchesNeitherAndBothAreProposed) {
  Put("acorn-ltd", "Acorn Homes Ltd", {});
  Put("acorn-plc", "Acorn Homes PLC", {});
  EXPECT_EQ(Found("Acorn Homes"), "");
  EXPECT_EQ(Found("Acorn Homes Limited"), "acorn-ltd");
  EXPECT_THAT(Proposed("Acorn Homes"), ::testing::Contains("acorn-ltd"));
  EXPECT_THAT(Proposed("Acorn Homes"), ::testing::Contains("acorn-plc"));
}

TEST_F(PaymentNamesTest, NearNamesAreProposed) {
  EXPECT_THAT(Proposed("Barnardo Services Ltd (Essex)"), ElementsAre("barnardos"));
  EXPECT_THAT(Proposed("Barnardos Manchester Leaving Care S"), ElementsAre("barnardos"));
  EXPECT_THAT(Proposed("Rossendale School Priory"), ElementsAre("priory-education"));
  EXPECT_THAT(Proposed("Alt Payee Acorn Care & Education"), ElementsAre("acorn"));
  EXPECT_THAT(Proposed("Compass Fostering NW Ltd"), ElementsAre("compass"));
  EXPECT_THAT(Proposed("Barnados"), ElementsAre("barnardos"));  // a slip
  EXPECT_THAT(Proposed("Keys Childcare Homes")[0], "keys-childcare");
  EXPECT_THAT(Proposed("Care Services"), IsEmpty());  // nothing that tells
  EXPECT_THAT(Proposed(""), IsEmpty());
}

TEST_F(PaymentNamesTest, ANameWithinAnotherIsProposed) {
  Put("caretech", "Caretech", {});
  Put("supported", "The Supported Fostering Services Charitable Trust", {});
  EXPECT_THAT(Proposed("Barnardo's Family Action Benchill-1")[0], "barnardos");
  EXPECT_THAT(Proposed("Barnardos South East and Anglia")[0], "barnardos");
  EXPECT_THAT(Proposed("Care Tech Foster Care Ltd"), ::testing::Contains("caretech"));
  EXPECT_THAT(Proposed("Supported Fostering Services")[0], "supported");
  EXPECT_THAT(Proposed("Supported Fostering Partners"), Not(::testing::Contains("supported")));
  // Seven letters are too few, and a part of a word is none.
  EXPECT_THAT(Proposed("Scompasses Childcare"), IsEmpty());
}

TEST_F(PaymentNamesTest, ANameThatTheFileCutOffIsProposed) {
  Put("adolescent", "The Adolescent and Childrens Trust Manchesterton", {});
  EXPECT_THAT(Proposed("The Adolescent and Childrens Trust Manch"), ElementsAre("adolescent"));
}

TEST_F(PaymentNamesTest, SpellingsOfOneNameShareAKey) {
  const PaymentNames names = Names();
  EXPECT_EQ(names.Key("KEYS Childcare, Limited"), names.Key("keys childcare ltd"));
  EXPECT_NE(names.Key("Keys Childcare"), names.Key("Keys Childcare Ltd"));
  EXPECT_EQ(names.Key(" .. "), "");
}

TEST(NormalCompanyNumberTest, PutsBackWhatSpreadsheetsDrop) {
  EXPECT_EQ(NormalCompanyNumber("6244880"), "06244880");
  EXPECT_EQ(NormalCompanyNumber("sc 123456"), "SC123456");
  EXPECT_EQ(NormalCompanyNumber("06244880"), "06244880");
  for (const char* none : {"", "12345", "123456789", "n/a", "SC12345"}) {
    EXPECT_EQ(NormalCompanyNumber(none), "") << none;
  }
}

}  // namespace
}  // namespace steelyard::directory
