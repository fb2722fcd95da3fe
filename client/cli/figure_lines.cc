#include "client/cli/figure_lines.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/grid.h"
#include "client/cli/words.h"

namespace steelyard::cli {

std::string ShareWords(const v1::Proportion& share, const std::string& of) {
  if (share.denominator() == 0) return std::string(kNone);
  return absl::StrCat(PercentWords(share.value()), " of ", CountWords(share.denominator()), " ", of,
                      " (likely ", PercentWords(share.lower()), " to ", PercentWords(share.upper()),
                      ")");
}

std::string ShortShare(const v1::Proportion& share) {
  return share.denominator() > 0 ? PercentWords(share.value()) : std::string(kNone);
}

std::string ShareOrNone(bool there, double share) {
  return there ? PercentWords(share) : std::string(kNone);
}

void PrintLine(std::ostream& out, const std::string& label, const std::string& value) {
  out << absl::StrFormat("  %-18s%s\n", label, Harmless(value));
}

void PrintReceipt(std::ostream& out, size_t width, const v1::Receipt& receipt) {
  if (receipt.edition() == 0) {
    return PrintParagraphs(out, width, "Nothing has been published yet, so there is no edition.");
  }
  PrintParagraphs(
      out, width,
      absl::StrCat("Receipt: edition ", receipt.edition(), ", method ", receipt.method_version(),
                   ", policy ", receipt.policy_version(), ", SHA-256 ",
                   receipt.content_sha256().substr(0, 16), "…. Ask again with --edition ",
                   receipt.edition(), " for the same answer."));
}

}  // namespace steelyard::cli
