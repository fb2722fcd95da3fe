#include "server/negotiations/figure_words.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::negotiations {
namespace {

constexpr uint64_t kMicros = 1'000'000;

std::string Grouped(std::string digits) {
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

// |value| without overflow at the lowest one.
uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

template <typename Number>
std::string NameOf(std::span<const model::Code> codes, Number number) {
  const auto at = static_cast<size_t>(number);
  if (at == 0 || at > codes.size()) return "Not given";
  return std::string(codes[at - 1].display_name);
}

}  // namespace

std::string CountWords(int64_t count) {
  return absl::StrCat(count < 0 ? "-" : "", Grouped(absl::StrCat(Magnitude(count))));
}

std::string CountOf(int64_t count, std::string_view singular, std::string_view plural) {
  return absl::StrCat(CountWords(count), " ", Av(count == 1 ? singular : plural));
}

std::string PoundWords(int64_t micros) {
  const uint64_t pounds =
      Magnitude(micros) / kMicros + (Magnitude(micros) % kMicros * 2 >= kMicros);
  return absl::StrCat(micros < 0 && pounds > 0 ? "-" : "", "£", Grouped(absl::StrCat(pounds)));
}

std::string RawPounds(int64_t micros) {
  std::string text = absl::StrFormat("%s%d.%06d", micros < 0 ? "-" : "",
                                     Magnitude(micros) / kMicros, Magnitude(micros) % kMicros);
  const size_t last = text.find_last_not_of('0');
  text.resize(std::max(last + 1, text.size() - 4));
  return text;
}

std::string PercentWords(double share) { return absl::StrFormat("%.1f %%", share * 100); }

std::string ScoreWords(double score) { return absl::StrFormat("%.2f", score); }

std::string RawNumber(double value) {
  std::string text = absl::StrFormat("%.6f", value);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string ProportionWords(const v1::Proportion& p) {
  return absl::StrCat(PercentWords(p.value()), " (", PercentWords(p.lower()), " to ",
                      PercentWords(p.upper()), ")");
}

std::string DateWords(const google::type::Date& date) {
  return absl::FormatTime(
      "%-d %B %Y",
      absl::FromCivil(absl::CivilDay(date.year(), date.month(), date.day()), absl::UTCTimeZone()),
      absl::UTCTimeZone());
}

std::string TimeWords(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%-d %B %Y, %H:%M UTC", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::string QuarterWords(const v1::Quarter& quarter) {
  return absl::StrCat(quarter.year(), " Q", quarter.quarter());
}

std::string PeriodWords(const v1::Quarter& from, const v1::Quarter& to) {
  const std::string first = QuarterWords(from);
  const std::string last = QuarterWords(to);
  return first == last ? first : absl::StrCat(first, " to ", last);
}

std::string LevelWords(v1::OutcomeReport::Level level) { return NameOf(model::Levels(), level); }

std::string IntentionWords(v1::OutcomeReport::Intention intention) {
  return NameOf(model::Intentions(), intention);
}

std::string JudgementWords(v1::Establishment::Judgement::Level level) {
  switch (level) {
    case v1::Establishment::Judgement::OUTSTANDING:
      return "Outstanding";
    case v1::Establishment::Judgement::GOOD:
      return "Good";
    case v1::Establishment::Judgement::REQUIRES_IMPROVEMENT:
      return "Requires improvement to be good";
    case v1::Establishment::Judgement::INADEQUATE:
      return "Inadequate";
    default:
      return "Not judged";
  }
}

std::string ServiceWords(std::string_view id) {
  const auto service = model::ParseService(id);
  return std::string(service ? model::CodeOf(*service).display_name : id);
}

std::string LastPart(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace steelyard::negotiations
