#include "server/directory/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "server/registry/register_csv.h"
#include "server/registry/shipped_registers.h"

namespace steelyard::directory {
namespace {

using model::CouncilNo;
using model::ProductNo;
using model::Registers;
using model::Supplier;
using model::SupplierNo;
using registry::ParseAreas;
using registry::ParseCouncils;
using registry::ParseProducts;
using registry::Register;
using registry::ShippedCsv;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Registers Shipped() {
  Registers r;
  for (auto& a : ParseAreas(ShippedCsv(Register::kAreas), r).areas) r.Put(a);
  for (auto& c : ParseCouncils(ShippedCsv(Register::kCouncils), r).councils) r.Put(c);
  for (auto& p : ParseProducts(ShippedCsv(Register::kProducts), r).products) r.Put(p);
  return r;
}

Supplier Named(std::string id, std::string name) {
  Supplier s;
  s.id = std::move(id);
  s.display_name = std::move(name);
  return s;
}

std::shared_ptr<const Resolver> Over(Registers r, const Resolver* previous = nullptr) {
  return *Resolver::Build(std::make_shared<const Registers>(std::move(r)), previous);
}

// The shipped registers, which no test changes.
const Resolver& OverShipped() {
  static const auto& resolver = *new std::shared_ptr<const Resolver>(Over(Shipped()));
  return *resolver;
}

std::string Council(std::string_view text) {
  const auto found = OverShipped().ResolveCouncil(text);
  if (found.ambiguous) return "ambiguous";
  return found ? OverShipped().registers().FindCouncil(found.no)->id : "";
}

std::string Product(std::string_view text) {
  const auto found = OverShipped().ResolveProduct(text);
  if (found.ambiguous) return "ambiguous";
  return found ? OverShipped().registers().FindProduct(found.no)->id : "";
}

std::vector<std::string> ProductIds(const std::vector<ProductNo>& numbers) {
  std::vector<std::string> ids;
  for (ProductNo no : numbers) ids.push_back(OverShipped().registers().FindProduct(no)->id);
  return ids;
}

std::vector<std::string> CouncilIds(const std::vector<CouncilNo>& numbers) {
  std::vector<std::string> ids;
  for (CouncilNo no : numbers) ids.push_back(OverShipped().registers().FindCouncil(no)->id);
  return ids;
}

TEST(ResolveCouncilTest, ByNameCodeGssAndAlias) {
  for (const char* text : {"councils/bns", "bns", "BNS", " BNS ", "E08000038", "E08000016",
                           "Barnsley Metropolitan Borough Council", "BARNSLEY", "barnsley."}) {
    EXPECT_EQ(Council(text), "bns") << text;
  }
  EXPECT_EQ(Council("Ynys Môn"), "agy");
  EXPECT_EQ(Council("Ynys Mon"), "agy");
  EXPECT_EQ(Council("Hammersmith and Fulham"), "hmf");
  EXPECT_EQ(Council("Armagh City Banbridge & Craigavon"), "abc");
  EXPECT_EQ(Council("Dorset Council"), "dst");
  EXPECT_EQ(Council("Dorset County Council"), "dor");
  EXPECT_EQ(Council(""), "");
  EXPECT_EQ(Council("councils/"), "");
  EXPECT_EQ(Council("products/bns"), "");
  EXPECT_EQ(Council(std::string(100'000, 'x')), "");
}

TEST(ResolveCouncilTest, ANameOfTwoBodiesIsAmbiguousAndTheirOfficialNamesAreNot) {
  EXPECT_EQ(Council("North Yorkshire"), "ambiguous");
  EXPECT_EQ(Council("somerset"), "ambiguous");
  EXPECT_EQ(Council("North Yorkshire Council"), "nye");
  EXPECT_EQ(Council("North Yorkshire County Council"), "nyk");
}

TEST(ResolveProductTest, ByNameIdGtinAndAlias) {
  for (const char* text :
       {"products/mask-type-iir-ear-loop", "mask-type-iir-ear-loop", "2000000000022",
        "02000000000022", "Surgical mask type IIR, ear loops", "surgical mask TYPE IIR ear-loops",
        "FRSM", "fluid resistant surgical mask"}) {
    EXPECT_EQ(Product(text), "mask-type-iir-ear-loop") << text;
  }
  EXPECT_EQ(Product("2000000000023"), "");
  EXPECT_EQ(Product("mask"), "");
}

TEST(SearchTest, FindsProductsByWordsInAnyOrderPrefixesAndCodes) {
  const Resolver& r = OverShipped();
  EXPECT_EQ(ProductIds(r.SearchProducts("iir mask ear", 3)).at(0), "mask-type-iir-ear-loop");
  EXPECT_EQ(ProductIds(r.SearchProducts("nitr med glov", 3)).at(0), "glove-exam-nitrile-m");
  EXPECT_EQ(ProductIds(r.SearchProducts("gloves nitrile medium", 5)).at(0), "glove-exam-nitrile-m");
  EXPECT_THAT(ProductIds(r.SearchProducts("2000000000022", 5)),
              ElementsAre("mask-type-iir-ear-loop"));
  EXPECT_EQ(r.SearchProducts("33141420-0", 50).size(), 10u);  // CPV of surgical gloves
  EXPECT_EQ(r.SearchProducts("sterile gown", 50).size(), 2u);
  EXPECT_EQ(r.SearchProducts("glove", 4).size(), 4u);
  EXPECT_THAT(r.SearchProducts("glove", 0), IsEmpty());
  EXPECT_THAT(r.SearchProducts("!!", 5), IsEmpty());
  EXPECT_THAT(r.SearchProducts("zebra", 5), IsEmpty());
  // A word that nothing has: the ones named most like it.
  EXPECT_EQ(ProductIds(r.SearchProducts("thermometre ear", 3)).at(0), "thermometer-ear");
}

TEST(SearchTest, CouncilsOfTodayComeFirst) {
  const Resolver& r = OverShipped();
  EXPECT_THAT(CouncilIds(r.SearchCouncils("north yorkshire", 2)), ElementsAre("nye", "nyk"));
  EXPECT_EQ(CouncilIds(r.SearchCouncils("E10000006", 5)).at(0), "cma");
  EXPECT_EQ(CouncilIds(r.SearchCouncils("E08000016", 5)).at(0), "bns");
  EXPECT_EQ(CouncilIds(r.SearchCouncils("kings lynn", 5)).at(0), "kin");
}

TEST(SuggestTest, AsksDidYouMean) {
  const Resolver& r = OverShipped();
  EXPECT_EQ(CouncilIds(r.SuggestCouncils("Barnsly")).at(0), "bns");
  EXPECT_EQ(CouncilIds(r.SuggestCouncils("Highands Council")).at(0), "hld");
  EXPECT_EQ(ProductIds(r.SuggestProducts("Surgical mask IIR ear loop")).at(0),
            "mask-type-iir-ear-loop");
  EXPECT_LE(r.SuggestProducts("glove").size(), 3u);
  EXPECT_THAT(r.SuggestProducts("qqqqqqqq"), IsEmpty());
  EXPECT_THAT(r.SuggestProducts(""), IsEmpty());
}

class SuppliersTest : public ::testing::Test {
 protected:
  SuppliersTest() {
    Supplier acme = Named("acme", "Acme Medical Ltd");
    acme.company_number = "01234567";
    acme.aliases = {"AMS"};
    registers_.Put(acme);
    registers_.Put(Named("bolt", "Bolt PLC"));
    registers_.Put(Named("bolt-de", "Bolt GmbH"));
    registers_.Put(Named("cote", "Société Côte d'Azur"));
  }
  std::string Find(const Resolver& r, std::string_view text) {
    const auto found = r.ResolveSupplier(text);
    if (found.ambiguous) return "ambiguous";
    return found ? r.registers().FindSupplier(found.no)->id : "";
  }
  Registers registers_;
};

TEST_F(SuppliersTest, ResolveByNumberAndNameWhateverTheLegalForm) {
  const auto r = Over(registers_);
  for (const char* text : {"suppliers/acme", "acme", "01234567", "1234567", "Acme Medical Limited",
                           "ACME MEDICAL", "Acme-Medical, LTD.", "Acme Medical PLC", "ams"}) {
    EXPECT_EQ(Find(*r, text), "acme") << text;
  }
  EXPECT_EQ(Find(*r, "Bolt"), "ambiguous");
  EXPECT_EQ(Find(*r, "Bolt Ltd"), "ambiguous");
  EXPECT_EQ(Find(*r, "Bolt GmbH"), "bolt-de");
  EXPECT_EQ(Find(*r, "BOLT Public Limited Company"), "bolt");
  EXPECT_EQ(Find(*r, "Société Côte d'Azur"), "cote");
  EXPECT_EQ(Find(*r, "societe cote dazur"), "cote");
  EXPECT_EQ(Find(*r, "Ltd"), "");
}

TEST_F(SuppliersTest, ALookAlikeDoesNotResolveAndIsSuggested) {
  const auto r = Over(registers_);
  const std::string fake = "\u0410cme Medical Ltd";  // Cyrillic A
  EXPECT_EQ(Find(*r, fake), "");
  EXPECT_THAT(r->SuggestSuppliers(fake), ElementsAre(SupplierNo{1}));
  registers_.Put(Named("fake", fake));
  EXPECT_THAT(Over(registers_)->ProposeMerges(),
              ElementsAre(MergeProposal{SupplierNo{3}, SupplierNo{2}, 1},
                          MergeProposal{SupplierNo{5}, SupplierNo{1}, 1}));
}

TEST_F(SuppliersTest, MergesAreFollowedAlsoWhenTheTargetIsMergedLater) {
  registers_.Put(Named("old", "Old Name Ltd"));
  auto merge = [&](const char* from, const char* into) {
    Supplier s = *registers_.FindSupplier(from);
    s.merged_into = into;
    registers_.Put(s);
  };
  merge("old", "bolt");
  const auto first = Over(registers_);
  EXPECT_EQ(Find(*first, "Old Name Limited"), "bolt");
  EXPECT_EQ(Find(*first, "suppliers/old"), "bolt");
  merge("bolt", "bolt-de");
  const auto second = Over(registers_, first.get());
  EXPECT_EQ(Find(*second, "old name"), "bolt-de");
  EXPECT_EQ(Find(*second, "Bolt"), "bolt-de");  // no longer ambiguous
  EXPECT_THAT(second->ProposeMerges(), IsEmpty());
  EXPECT_EQ(Find(*first, "old name"), "bolt");  // a snapshot stays as it was
}

TEST_F(SuppliersTest, OneByOneGivesTheSameAsAllAtOnce) {
  auto grown = Over(registers_);
  for (int i = 0; i < 300; ++i) {
    registers_.Put(Named("s" + std::to_string(i), "Firm " + std::to_string(i / 2 * 2) + " Ltd"));
    grown = Over(registers_, grown.get());
  }
  Supplier renamed = *registers_.FindSupplier("s7");
  renamed.display_name = "Seven";
  registers_.Put(renamed);
  grown = Over(registers_, grown.get());
  const auto built = Over(registers_);
  for (int i = 0; i < 300; ++i) {
    for (const std::string& text : {"s" + std::to_string(i), "FIRM " + std::to_string(i)}) {
      EXPECT_EQ(Find(*grown, text), Find(*built, text)) << text;
    }
  }
  EXPECT_EQ(Find(*grown, "Firm 4"), "ambiguous");
  EXPECT_EQ(Find(*grown, "Firm 6"), "s6");
  EXPECT_EQ(Find(*grown, "seven"), "s7");
  EXPECT_EQ(grown->SearchSuppliers("firm 10", 5), built->SearchSuppliers("firm 10", 5));
  EXPECT_EQ(grown->ProposeMerges(), built->ProposeMerges());
}

TEST_F(SuppliersTest, SearchTakesLegalFormsCountriesAndBeginnings) {
  const auto r = Over(registers_);
  EXPECT_THAT(r->SearchSuppliers("medical acme limited", 5), ElementsAre(SupplierNo{1}));
  EXPECT_THAT(r->SearchSuppliers("bol", 5), ElementsAre(SupplierNo{2}, SupplierNo{3}));
  EXPECT_THAT(r->SearchSuppliers("01234567", 5), ElementsAre(SupplierNo{1}));
}

TEST(ProvidersTest, AreFoundAsSuppliersAreAndOwnersAmongThem) {
  Registers registers;
  auto put = [&](const char* id, const char* name, std::vector<std::string> aliases) {
    model::Provider p;
    p.id = id;
    p.display_name = name;
    p.aliases = std::move(aliases);
    p.services = {model::Service::kFostering};
    registers.Put(std::move(p));
  };
  put("keys-childcare", "Keys Childcare Limited", {"Keys Group (North West)"});
  put("keys", "Keys", {"Keys Group PLC"});
  put("swiis", "Swiis (UK) Limited", {});
  model::Provider numbered = *registers.FindProvider("swiis");
  numbered.company_number = "01234567";
  registers.Put(numbered);
  const auto r = Over(registers);
  auto find = [&](std::string_view text) -> std::string {
    const auto found = r->ResolveProvider(text);
    return found ? r->registers().FindProvider(found.no)->id : "";
  };
  for (const char* text : {"providers/keys-childcare", "keys-childcare", "KEYS CHILDCARE LTD",
                           "Keys Childcare", "keys group north west"}) {
    EXPECT_EQ(find(text), "keys-childcare") << text;
  }
  EXPECT_EQ(find("Keys Group"), "keys");
  EXPECT_EQ(find("01234567"), "swiis");
  EXPECT_EQ(find("Swiis Uk Ltd"), "swiis");
  EXPECT_EQ(find("Northern Keys Ltd"), "");
  EXPECT_EQ(find("suppliers/keys"), "");
  EXPECT_THAT(r->SuggestProviders("Keys Child-care"), ElementsAre(model::ProviderNo{1}));
  EXPECT_THAT(r->SearchProviders("fostering keys", 5),
              ElementsAre(model::ProviderNo{2}, model::ProviderNo{1}));
  put("added", "Added Later Ltd", {});
  EXPECT_TRUE(Over(registers, r.get())->ResolveProvider("added later"));
}

TEST(ProposeMergesTest, LeavesOutOneOwnerAndDifferentCompaniesAlikeInName) {
  Registers r;
  auto put = [&](const char* id, const char* name, const char* number, const char* owner = "") {
    Supplier s = Named(id, name);
    s.company_number = number;
    if (*owner != 0) s.owners = {{owner, std::nullopt, std::nullopt}};
    r.Put(s);
  };
  put("a", "Safeguard Medical Supplies Ltd", "01000000");
  put("b", "Safeguard Medcial Supplies Ltd", "");           // a slip: proposed
  put("c", "Safeguard Medical Suppliess Ltd", "02000000");  // a company of its own
  put("d", "Norwich Gloves Ltd", "", "group");
  put("e", "Norwich Gloves PLC", "", "group");  // one owner
  put("group", "Big Group", "");
  put("f", "Hartmann Ltd", "03000000");
  put("g", "Hartmann GmbH", "04000000");  // the same name: somebody should look
  const auto proposals = Over(r)->ProposeMerges();
  std::vector<std::string> pairs;
  for (const auto& p : proposals) {
    pairs.push_back(r.FindSupplier(p.supplier)->id + r.FindSupplier(p.candidate)->id);
    EXPECT_GE(p.similarity, kProposedSimilarity);
  }
  EXPECT_THAT(pairs, ::testing::UnorderedElementsAre("gf", "ba", "cb"));
  EXPECT_EQ(pairs.at(0), "gf");  // the most alike first
}

// Words that share beginnings, so that nothing is easy.
Registers ManySuppliers(int count) {
  const char* const first[] = {"Northern", "Medical", "Care", "Health", "Safe", "Prime", "United"};
  const char* const second[] = {"Supplies", "Products", "Hygiene", "Protection", "Trading"};
  Registers r;
  for (int i = 0; i < count; ++i) {
    Supplier s = Named("s" + std::to_string(i), std::string(first[i % 7]) + " " + second[i % 5] +
                                                    " " + std::string(1, char('A' + i % 26)) +
                                                    std::to_string(i) + " Ltd");
    s.aliases = {"Fournisseur né " + std::to_string(i)};
    r.Put(std::move(s));
  }
  return r;
}

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

TEST(ResolverSpeedTest, FiveThousandSuppliersAreQuick) {
  Registers r = ManySuppliers(5'000);
  auto start = std::chrono::steady_clock::now();
  const auto resolver = Over(r);
  const double build = Seconds(start);

  start = std::chrono::steady_clock::now();
  size_t found = 0;
  for (int i = 0; i < 200'000; ++i) {
    found += resolver->ResolveSupplier("suppliers/s4321") ? 1 : 0;
    found += resolver->ResolveSupplier("Northern Supplies A0 LIMITED") ? 1 : 0;
  }
  const double resolve = Seconds(start) / 400'000;
  EXPECT_EQ(found, 400'000u);

  start = std::chrono::steady_clock::now();
  (void)resolver->ProposeMerges();
  const double propose = Seconds(start);

  start = std::chrono::steady_clock::now();
  (void)resolver->SuggestSuppliers("Nothern Suplies A0");
  const double suggest = Seconds(start);

  r.Put(Named("one-more", "One More Ltd"));
  const auto more = std::make_shared<const Registers>(r);
  start = std::chrono::steady_clock::now();
  const auto next = *Resolver::Build(more, resolver.get());
  const double add = Seconds(start);
  EXPECT_TRUE(next->ResolveSupplier("one more"));

  RecordProperty("figures", testing::PrintToString(
                                std::vector<double>{build, resolve, propose, suggest, add}));
  std::cout << "build " << build * 1e3 << " ms, resolve " << resolve * 1e9 << " ns, proposals "
            << propose * 1e3 << " ms, suggestion " << suggest * 1e3 << " ms, one more " << add * 1e3
            << " ms\n";
  // Several times what it takes, so that only a change of kind fails here.
  EXPECT_LT(build, 5);
  EXPECT_LT(resolve, 20e-6);
  EXPECT_LT(propose, 5);
  EXPECT_LT(suggest, 0.5);
  EXPECT_LT(add, 0.2);
}

}  // namespace
}  // namespace steelyard::directory
