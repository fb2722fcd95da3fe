#include "client/import/profile.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "client/import/header.h"
#include "tests/client/import/support.h"
#include "tests/support/temp_dir.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::steelyard::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ProfileTest, EveryShippedProfileIsGoodAndHasItsName) {
  std::set<std::string_view> names;
  for (const ShippedProfile& shipped : ShippedProfiles()) {
    ASSERT_OK_AND_ASSIGN(const Profile profile, LoadProfile(std::string(shipped.name)));
    EXPECT_EQ(profile.name, shipped.name);
    EXPECT_FALSE(profile.description.empty());
    EXPECT_TRUE(names.insert(shipped.name).second);
  }
  EXPECT_TRUE(names.contains(kDefaultProfile));
}

TEST(ProfileTest, TheDefaultReadsEveryField) {
  const Profile profile = LoadProfile(std::string(kDefaultProfile)).value();
  for (int i = 0; i < kFields; ++i) {
    EXPECT_TRUE(profile.fields[i].has_value()) << FieldKey(static_cast<Field>(i));
  }
  EXPECT_GE(profile.deliveries.size(), 2u);
}

TEST(ProfileTest, AProfileMayBeAFile) {
  TempDir folder;
  const std::string path = folder / "own.toml";
  std::ofstream(path) << kSmallProfile;
  ASSERT_OK_AND_ASSIGN(const Profile profile, LoadProfile(path));
  EXPECT_EQ(profile.name, "small");
  EXPECT_THAT(LoadProfile(folder / "other.toml"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(LoadProfile("unheard-of"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("scms or steelyard")));
}

TEST(ProfileTest, EverythingIsRead) {
  const Profile profile = MustParse(R"toml(
name = "full"
[file]
encoding = "cp850"
delimiter = "tab"
decimal = ","
exponents = true
dates = ["d.m.yyyy", "excel"]
null_words = ["N/A"]
[file.units]
Milheiro = 1000
[fields]
reference = { template = "{PO No}/{line}-{row}" }
pack_price = { column = ["Value", "Amount"], divide_by = "Qty", round = true }
supplier = { column = 3, map = { "ACME (OLD)" = "Acme Ltd", "CAFÉ" = "Café £" }, null_words = ["see *"] }
vat_rate = { column = "VAT", fraction = true }
order_date = { column = "Ordered", or_else = ["Sent", "Quoted"] }
currency_code = { constant = "EUR" }
[[deliveries]]
date = "Came"
packs = "Qty"
[[skip]]
column = "State"
in = ["Cancelled", ""]
[total]
column = "Total"
tolerance = "0.01"
tolerance_per_pack = "0.005"
if_different = "warn"
)toml");
  EXPECT_EQ(profile.encoding, Encoding::kCp850);
  EXPECT_EQ(profile.delimiter, '\t');
  EXPECT_EQ(profile.numbers.decimal_mark, ',');
  EXPECT_TRUE(profile.numbers.exponents);
  EXPECT_EQ(profile.numbers.units.at("milheiro"), 1000);
  EXPECT_EQ(profile.dates.formats.size(), 2u);
  EXPECT_EQ(profile.null_words[0], "n/a");
  const Source& reference = *profile.of(Field::kReference);
  ASSERT_EQ(reference.parts.size(), 3u);
  EXPECT_EQ(reference.parts[0].column->headings[0], "PO No");
  EXPECT_EQ(reference.parts[1].text, "/");
  EXPECT_TRUE(reference.parts[2].row_number);
  const Source& supplier = *profile.of(Field::kSupplier);
  EXPECT_EQ(supplier.column->position, 3);
  EXPECT_EQ(supplier.map.at("acme (old)"), "Acme Ltd");
  EXPECT_EQ(supplier.map.at("café"), "Café £");
  EXPECT_EQ(supplier.null_words[0], "see *");
  EXPECT_TRUE(profile.of(Field::kPackPrice)->round);
  EXPECT_EQ(profile.of(Field::kPackPrice)->divide_by->headings[0], "Qty");
  EXPECT_TRUE(profile.of(Field::kVatRate)->fraction);
  EXPECT_EQ(profile.of(Field::kOrderDate)->or_else->headings[1], "Quoted");
  EXPECT_EQ(profile.of(Field::kCurrencyCode)->constant, "EUR");
  EXPECT_EQ(profile.deliveries.size(), 1u);
  EXPECT_EQ(profile.skip[0].words[0], "cancelled");
  EXPECT_EQ(profile.total->tolerance_micros, 10'000);
  EXPECT_EQ(profile.total->tolerance_per_pack_micros, 5000);
  EXPECT_FALSE(profile.total->reject);
}

// The text between the first ``` after `heading` and the next one.
std::string BlockAfter(const std::string& text, const std::string& heading) {
  const size_t open = text.find('\n', text.find("```", text.find(heading))) + 1;
  return text.substr(open, text.find("```", open) - open);
}

TEST(ProfileTest, TheWorkedExampleOfTheDocumentationIsTrue) {
  const char* root = std::getenv("STEELYARD_SOURCE_DIR");
  ASSERT_NE(root, nullptr);
  std::ifstream file(std::string(root) + "/docs/profiles.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Imported all =
      Import(BlockAfter(text, "The export, with"), BlockAfter(text, "The profile:"));
  ASSERT_OK(all.status);
  EXPECT_EQ(all.skipped, 1);
  ASSERT_EQ(all.lines.size(), 2u);
  const v1::Purchase& purchase = all.lines[0].purchase;
  EXPECT_FALSE(all.lines[0].rejected()) << all.lines[0].problems[0].message();
  EXPECT_EQ(purchase.reference(), "77/1");
  EXPECT_EQ(purchase.product(), "mask-iir");
  EXPECT_EQ(purchase.pack_price_micros(), 312'500'000);
  EXPECT_EQ(purchase.pack_content(), 12);
  EXPECT_EQ(purchase.deliveries_size(), 0);
  std::string said;
  for (const std::string& message : MessagesOf(all.lines[1])) said += message + "\n";
  EXPECT_EQ(said, BlockAfter(text, "everything that is wrong"));
}

struct Bad {
  const char* toml;
  const char* says;
};

TEST(ProfileTest, MistakesNameTheLineAndWhatToWrite) {
  const Bad kBad[] = {
      {"name = \"x\"\nfeilds = 1\n[fields]\n", "line 2: 'feilds' means nothing in a profile"},
      {"name = \"x\"\n[file]\n\nencodng = \"utf-8\"\n[fields]\n", "line 4: 'encodng'"},
      {"name = \"x\"\n[fields]\nprice = \"P\"\n", "line 3: there is no field 'price'"},
      {"name = \"x\"\n[fields]\npacks = { colum = \"P\" }\n", "line 3: 'colum' means nothing"},
      {"name = \"x\"\n[fields]\npacks = { column = \"P\", constant = \"1\" }\n", "exactly one of"},
      {"name = \"x\"\n[fields]\npacks = {}\n", "exactly one of"},
      {"name = \"x\"\n[fields]\npacks = \"\"\n", "line 3: a heading is empty"},
      {"name = \"x\"\n[fields]\npacks = []\n", "line 3: a heading is empty"},
      {"name = \"x\"\n[fields]\npacks = 0\n", "columns are counted from 1"},
      {"name = \"x\"\n[fields]\npacks = true\n", "a text in quotation marks"},
      {"name = \"x\"\n[fields]\npacks = { column = \"P\", divide_by = \"Q\" }\n",
       "only pack_price"},
      {"name = \"x\"\n[fields]\npacks = { column = \"P\", fraction = true }\n", "only vat_rate"},
      {"name = \"x\"\n[fields]\npack_price = { constant = \"1\", divide_by = \"Q\" }\n",
       "need a column"},
      {"name = \"x\"\n[fields]\nreference = { template = \"{PO\" }\n", "a template names columns"},
      {"name = \"x\"\n[fields]\nreference = { template = \"\" }\n", "it is empty"},
      {"name = \"x\"\n[fields]\nreference = { constant = \"1\" }\n", "reads no column"},
      {"name = \"x\"\n[fields]\norder_date = \"D\"\n", "needs dates"},
      {"[fields]\npacks = \"P\"\n", "has no 'name'"},
      {"name = \"x\"\n", "has no 'fields'"},
      {"name = \"x\"\n[file]\ndates = [\"d/m/yy\", \"m/d/yy\"]\n[fields]\npacks = \"P\"\n",
       "line 3: the same date would be two days"},
      {"name = \"x\"\n[file]\ndates = [\"day\"]\n[fields]\npacks = \"P\"\n", "line 3: 'day' does"},
      {"name = \"x\"\n[file]\ndelimiter = \"#\"\n[fields]\npacks = \"P\"\n", "line 3: the delim"},
      {"name = \"x\"\n[file]\nencoding = \"latin9\"\n[fields]\npacks = \"P\"\n", "line 3: the enc"},
      {"name = \"x\"\n[file]\ndecimal = \"-\"\n[fields]\npacks = \"P\"\n", "line 3: the decimal"},
      {"name = \"x\"\n[file]\nheader = false\n[fields]\npacks = \"P\"\n", "without a header"},
      {"name = \"x\"\n[file]\n[file.units]\npair = 0\n[fields]\npacks = \"P\"\n",
       "line 4: a whole"},
      {"name = \"x\"\n[fields]\npacks = \"P\"\n[total]\ncolumn = \"T\"\nif_different = \"ask\"\n",
       "line 6: if_different"},
      {"name = \"x\"\n[fields]\npacks = \"P\"\n[[skip]]\ncolumn = \"S\"\n", "a rule to skip"},
      {"name = \"x\"\n[fields]\npacks = \"P\"\n[[deliveries]]\ndate = \"D\"\n", "a date and packs"},
      {"name = \"x\nfields", "line 1"},
      {"name = \"x\"\n[*]\n", "line 2"},
      {"name = \"é\"\n[fields]\nGröße = 1\n", "line 3: "},
      {"name = \"x\"\nϟ", "line 2: "},
      {"name = \"x\"\n\xE9", "line 2: a character cannot be read; save the profile as UTF-8"},
      {"name = \"\U000F00E9\"\n", "line 1: a character cannot be read"},
      {"name = \"x\"\n\"é\" = 1\n", "line 2: 'é' means nothing"},
      {"name = 1\n[fields]\npacks = \"P\"\n", "line 1: a text"},
  };
  for (const Bad& bad : kBad) {
    EXPECT_THAT(ParseProfile(bad.toml, "mine.toml"),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("The profile mine.toml, line "), HasSubstr(bad.says))))
        << bad.toml;
  }
}

}  // namespace
}  // namespace steelyard::importing
