#include "storage/model/codes.h"

#include <array>

namespace steelyard::model {
namespace {

constexpr std::array<Code, 11> kServices = {{
    {"childrens-homes", "Children's homes", "Residential care of children and young people"},
    {"fostering", "Fostering agencies", "Care in foster families found by an agency"},
    {"special-schools", "Special schools",
     "Day or residential places at non-maintained and independent special schools"},
    {"supported-accommodation", "Supported accommodation",
     "Homes with support for those aged 16 and 17 and care leavers"},
    {"leaving-care", "Leaving care", "Support for care leavers up to 25"},
    {"adoption", "Adoption agencies", "Finding and supporting adoptive families"},
    {"family-centres", "Residential family centres",
     "Homes where parents and children are assessed and supported together"},
    {"adult-residential-care", "Adult residential care", "Care homes without nursing"},
    {"adult-nursing-care", "Adult nursing care", "Care homes with nursing"},
    {"adult-home-care", "Adult home care", "Care in people's own homes"},
    {"adult-supported-living", "Adult supported living",
     "Support for adults in homes of their own or shared"},
}};

constexpr std::array<MeasureCode, kMeasureCount> kMeasures = {{
    {{"safeguarding", "Safeguarding",
      "How well the provider keeps the people placed with it safe from harm, and how it acts when "
      "something happens"},
     "Incidents and how they were handled, missing episodes, allegations, notifications sent on "
     "time"},
    {{"stability", "Placement stability",
      "Whether placements last as long as they should and end as planned"},
     "Unplanned endings, moves within the provider, notice given"},
    {{"education", "Education", "Whether those placed attend and get on at school or in training"},
     "Attendance, exclusions, progress against the plan"},
    {{"health", "Health and emotional wellbeing",
      "Whether physical and mental health needs are met"},
     "Health assessments and dental checks done, therapy delivered as agreed"},
    {{"voice", "Voice of the child",
      "Whether those placed are heard and what they say makes a difference"},
     "Views in reviews, complaints and their outcome, access to an advocate"},
    {{"independence", "Transition and independence",
      "Whether those placed are made ready for what comes next"},
     "Pathway plans kept to, skills gained, moves on at the right time"},
    {{"workforce", "Workforce and leadership",
      "Whether there are enough able people who stay, and whether they are well led"},
     "Turnover, agency staff, training, changes of manager"},
    {{"value", "Value", "Whether what is delivered is worth what is paid"},
     "Weekly fee against the need met, extras, uplifts, hours delivered as paid for"},
}};

constexpr std::array<Code, kLevelCount> kLevels = {{
    {"good", "Good", "Performance meets or exceeds what was agreed"},
    {"approaching-target", "Approaching target", "Performance is close to what was agreed"},
    {"requires-improvement", "Requires improvement", "Performance is below what was agreed"},
    {"inadequate", "Inadequate", "Performance is significantly below what was agreed"},
    {"other", "Other", "Performance cannot be put in one of these; not a rank"},
}};

constexpr std::array<Code, kIntentionCount> kIntentions = {{
    {"stay", "Stay", "Go on using the provider as now"},
    {"reduce", "Reduce", "Place fewer people there"},
    {"move-to-smaller-local", "Move to smaller local provision",
     "Place with smaller providers nearer home instead"},
    {"bring-in-house", "Bring in-house", "Provide the service ourselves"},
    {"undecided", "Undecided", "Not decided yet"},
}};

constexpr std::array<Code, 14> kPriorities = {{
    {"fee-transparency", "Fee transparency", "What a fee is made of is open to the payer"},
    {"fee-restraint", "Restraint in uplifts", "Uplifts follow costs that are shown"},
    {"extras", "Fewer extras", "Needs agreed at placement are in the fee"},
    {"placement-stability", "Stable placements", "Notice is given only after a joint plan"},
    {"local-sufficiency", "More places near home", "Places open where they are short"},
    {"complex-needs", "Places for complex needs", "Referrals of high need are not passed over"},
    {"safeguarding-practice", "Safeguarding practice", "Incidents are told at once and acted on"},
    {"education-outcomes", "Education outcomes", "Attendance and progress are as agreed"},
    {"therapeutic-offer", "Therapeutic offer", "Therapy that is paid for is delivered"},
    {"workforce-stability", "Stable workforce", "Less turnover and agency staff"},
    {"registered-manager", "Managers in post", "Every home has a registered manager"},
    {"outcome-reporting", "Outcome reporting", "The same outcomes reported to every council"},
    {"notice-periods", "Notice periods", "Longer notice before a placement is ended"},
    {"transition-planning", "Planning for transition", "Work on what comes next starts early"},
}};

template <typename Codes>
std::optional<size_t> Find(const Codes& codes, std::string_view id) {
  for (size_t i = 0; i < codes.size(); ++i) {
    if (codes[i].id == id) return i;
  }
  return std::nullopt;
}

template <typename Enum, typename Codes>
std::optional<Enum> FindAs(const Codes& codes, std::string_view id) {
  const auto i = Find(codes, id);
  if (!i) return std::nullopt;
  return static_cast<Enum>(*i + 1);
}

}  // namespace

std::span<const Code> Services() { return kServices; }

std::optional<Service> ParseService(std::string_view id) { return FindAs<Service>(kServices, id); }

std::optional<Service> ServiceOf(uint64_t number) {
  if (number < 1 || number > kServices.size()) return std::nullopt;
  return static_cast<Service>(number);
}

const Code& CodeOf(Service service) { return kServices[static_cast<size_t>(service) - 1]; }

std::span<const MeasureCode> Measures() { return kMeasures; }

std::optional<Measure> ParseMeasure(std::string_view id) {
  for (size_t i = 0; i < kMeasures.size(); ++i) {
    if (kMeasures[i].code.id == id) return static_cast<Measure>(i);
  }
  return std::nullopt;
}

std::span<const Code> Levels() { return kLevels; }

std::optional<Level> ParseLevel(std::string_view id) { return FindAs<Level>(kLevels, id); }

std::span<const Code> Intentions() { return kIntentions; }

std::optional<Intention> ParseIntention(std::string_view id) {
  return FindAs<Intention>(kIntentions, id);
}

std::span<const Code> Priorities() { return kPriorities; }

std::optional<uint8_t> ParsePriority(std::string_view id) {
  return FindAs<uint8_t>(kPriorities, id);
}

}  // namespace steelyard::model
