#include "client/import/dates.h"

#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

DateStyle Style(std::initializer_list<const char*> formats) {
  DateStyle style;
  for (const char* format : formats) {
    style.formats.push_back(DateFormat::Parse(format).value());
  }
  return style;
}

struct Good {
  const char* format;
  const char* text;
  CalendarDay day;
};

TEST(DatesTest, EachFormatReadsItsDays) {
  const Good kGood[] = {
      {"dd/mm/yyyy", "01/03/2017", {2017, 3, 1}},
      {"d/m/yyyy", "1/3/2017", {2017, 3, 1}},
      {"dd/mm/yyyy", "1/3/2017", {2017, 3, 1}},
      {"m/d/yy", "11/9/09", {2009, 11, 9}},
      {"d/m/yy", "15/07/24", {2024, 7, 15}},
      {"d-Mon-yy", "05-Oct-21", {2021, 10, 5}},
      {"d-Mon-yy", "1-Sept-06", {2006, 9, 1}},
      {"d-Mon-yy", "2-JUN-06", {2006, 6, 2}},
      {"d Mon yyyy", "14 Apr 2023", {2023, 4, 14}},
      {"d Mon yyyy", "14 February 2023", {2023, 2, 14}},
      {"Mon d, yyyy", "Apr 4, 2023", {2023, 4, 4}},
      {"yyyy-mm-dd", "2020-04-07", {2020, 4, 7}},
      {"YYYY-MM-DD", "2020-04-07", {2020, 4, 7}},
      {"yyyymmdd", "20200407", {2020, 4, 7}},
      {"ddmmyy", "070420", {2020, 4, 7}},
      {"dd.mm.yyyy", " 29.02.2024 ", {2024, 2, 29}},
      {"d/m/yy", "1/1/69", {2069, 1, 1}},
      {"d/m/yy", "1/1/70", {1970, 1, 1}},
      {"yyyy-mm-dd time", "2020-04-07 00:00:00", {2020, 4, 7}},
      {"yyyy-mm-dd time", "2020-04-07T23:59:59.999Z", {2020, 4, 7}},
      {"yyyy-mm-dd time", "2020-04-07", {2020, 4, 7}},
      {"d/m/yyyy time", "7/4/2020 9:30", {2020, 4, 7}},
      {"excel", "43928", {2020, 4, 7}},
      {"excel", "61", {1900, 3, 1}},
  };
  for (const Good& good : kGood) {
    const auto day = ParseDate(good.text, Style({good.format}));
    ASSERT_TRUE(day.ok()) << good.format << " " << good.text << ": " << day.status();
    EXPECT_EQ(*day, good.day) << good.format << " " << good.text;
  }
}

struct Bad {
  const char* format;
  const char* text;
  const char* clause;
};

TEST(DatesTest, ImpossibleDaysAndOtherFormatsAreRefused) {
  const Bad kBad[] = {
      {"dd/mm/yyyy", "31/02/2020", "is not a day in the calendar; write it as dd/mm/yyyy"},
      {"dd/mm/yyyy", "29/02/2023", "is not a day in the calendar"},
      {"dd/mm/yyyy", "01/13/2020", "is not a day in the calendar"},
      {"dd/mm/yyyy", "00/01/2020", "is not a day in the calendar"},
      {"dd/mm/yyyy", "01/01/0000", "is not a day in the calendar"},
      {"dd/mm/yyyy", "01/01/9999", "is not a day in the calendar"},
      {"dd/mm/yyyy", "01/01/20", "is not a date of this file; write it as dd/mm/yyyy"},
      {"d/m/yy", "01/01/2020", "is not a date"},
      {"dd/mm/yyyy", "01-01-2020", "is not a date"},
      {"dd/mm/yyyy", "25/06/2012900", "is not a date"},
      {"dd/mm/yyyy", "01/01/2020 10:00", "is not a date"},
      {"dd/mm/yyyy", "", "is not a date"},
      {"dd/mm/yyyy", "soon", "is not a date"},
      {"dd/mm/yyyy", "-1/01/2020", "is not a date"},
      {"d-Mon-yy", "5-Okt-21", "is not a date"},
      {"d-Mon-yy", "5-Ma-21", "is not a date"},
      {"yyyymmdd", "2020111", "is not a date"},
      {"excel", "60", "is not a day"},
      {"excel", "99999", "is not a day"},
      {"excel", "43928.5", "is not a date"},
  };
  for (const Bad& bad : kBad) {
    EXPECT_THAT(ParseDate(bad.text, Style({bad.format})),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(bad.clause)))
        << bad.format << " " << bad.text;
  }
}

TEST(DatesTest, SeveralFormatsAreTriedInTurn) {
  const DateStyle style = Style({"m/d/yy", "d-Mon-yy"});
  EXPECT_EQ(ParseDate("11/9/09", style).value(), (CalendarDay{2009, 11, 9}));
  EXPECT_EQ(ParseDate("2-Jun-06", style).value(), (CalendarDay{2006, 6, 2}));
  EXPECT_THAT(ParseDate("2006-06-02", style),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("m/d/yy or d-Mon-yy")));
  EXPECT_THAT(ParseDate("13/1/09", style),  // never taken for 13 January
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("as m/d/yy")));
}

TEST(DatesTest, FormatsThatWouldHaveToBeGuessedContradict) {
  const auto contradict = [](const char* a, const char* b) {
    return DateFormat::Parse(a).value().Contradicts(DateFormat::Parse(b).value());
  };
  EXPECT_TRUE(contradict("d/m/yyyy", "m/d/yyyy"));
  EXPECT_TRUE(contradict("dd-mm-yy", "yy-mm-dd"));
  EXPECT_TRUE(contradict("yymmdd", "ddmmyy"));
  EXPECT_TRUE(contradict("d~m~yyyy", "m~d~yyyy time"));
  EXPECT_FALSE(contradict("yyyymmdd", "ddmmyyyy"));  // no year is a day and a month
  EXPECT_TRUE(contradict("yyyy-mm-dd", "yyyy-dd-mm"));
  EXPECT_FALSE(contradict("d/m/yyyy", "d/m/yy"));
  EXPECT_FALSE(contradict("d/m/yyyy", "d-m-yyyy"));
  EXPECT_FALSE(contradict("m/d/yy", "d-Mon-yy"));
}

TEST(DatesTest, AFormatNamesADayAMonthAndAYear) {
  for (const char* format : {"", "dd/mm", "yyyy", "d/d/yyyy", "dd/mm/yyy", "hello", "d1/m/yyyy"}) {
    EXPECT_THAT(DateFormat::Parse(format), StatusIs(absl::StatusCode::kInvalidArgument)) << format;
  }
}

}  // namespace
}  // namespace steelyard::importing
