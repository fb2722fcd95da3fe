#include "server/negotiations/svg_charts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

constexpr double kWidth = 720;
constexpr double kLabelWidth = 215;  // names of rows, on the left
constexpr double kRight = 700;
constexpr double kRowHeight = 26;
constexpr double kLetterWidth = 7;  // of a label, about

// From best to worst, and grey for what is no rank; dark ones carry white.
struct Paint {
  const char* fill;
  const char* text;
};
constexpr std::array<Paint, 5> kPaints = {{{"#0b4f7d", "#ffffff"},
                                           {"#6aa6cf", "#000000"},
                                           {"#f2b35a", "#000000"},
                                           {"#a3282b", "#ffffff"},
                                           {"#d3d6d8", "#000000"}}};

std::string Text(double x, double y, std::string_view anchor, std::string_view text,
                 std::string_view more = "") {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y,
                         Av(anchor), Av(more), EscapeHtml(text));
}

std::string Line(double x1, double y1, double x2, double y2, std::string_view style) {
  return absl::StrFormat("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2,
                         y2, Av(style));
}

std::string Open(std::string_view id, double width, double height, std::string_view title,
                 std::string_view description) {
  return absl::StrFormat(
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%s-t %s-d\" "
      "xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"%s-t\">%s</title>\n"
      "<desc id=\"%s-d\">%s</desc>\n",
      width, height, Av(id), Av(id), Av(id), EscapeHtml(title), Av(id), EscapeHtml(description));
}

// Where a value lies between the label and the right edge.
class Axis {
 public:
  Axis(double low, double high) : low_(low), span_(high > low ? high - low : 1) {}
  double At(double value) const {
    const double share = std::clamp((value - low_) / span_, 0.0, 1.0);
    return kLabelWidth + share * (kRight - kLabelWidth);
  }

 private:
  double low_;
  double span_;
};

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t') out += c;
    }
  }
  return out;
}

std::string SvgOf(const StackedBars& chart, std::string_view id) {
  constexpr double kLegend = 30;
  const double height = kLegend + kRowHeight * static_cast<double>(chart.bars.size()) + 4;
  std::string out =
      Open(id, kWidth, height, chart.title, "One bar for each row; the table has the figures.");
  double x = 0;
  for (size_t i = 0; i < chart.parts.size(); ++i) {
    absl::StrAppendFormat(&out,
                          "<rect x=\"%.1f\" y=\"4\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", x,
                          kPaints[i % kPaints.size()].fill);
    out += Text(x + 17, 14, "start", chart.parts[i]);
    x += 36 + kLetterWidth * static_cast<double>(chart.parts[i].size());
  }
  double y = kLegend;
  for (const StackedBars::Bar& bar : chart.bars) {
    const int64_t total = std::accumulate(bar.values.begin(), bar.values.end(), int64_t{0});
    out += Text(kLabelWidth - 8, y + 15, "end", bar.label);
    double at = kLabelWidth;
    for (size_t i = 0; i < bar.values.size() && total > 0; ++i) {
      const double share = static_cast<double>(bar.values[i]) / static_cast<double>(total);
      const double width = share * (kRight - kLabelWidth);
      const Paint& paint = kPaints[i % kPaints.size()];
      if (width <= 0) continue;
      absl::StrAppendFormat(&out,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\" fill=\"%s\" "
                            "stroke=\"#fff\"/>\n",
                            at, y, width, paint.fill);
      if (width > 34) {
        out += Text(at + width / 2, y + 15, "middle", absl::StrFormat("%.0f %%", share * 100),
                    absl::StrCat(" fill=\"", paint.text, "\""));
      }
      at += width;
    }
    y += kRowHeight;
  }
  return out + "</svg>\n";
}

std::string SvgOf(const IntervalPlot& chart, std::string_view id) {
  constexpr double kHead = 30;
  constexpr double kFoot = 40;
  const double rows = kRowHeight * static_cast<double>(chart.rows.size());
  const Axis axis(chart.axis_low, chart.axis_high);
  std::string out = Open(id, kWidth, kHead + rows + kFoot, chart.title,
                         "A dot for each value, a line for its interval; the table has the "
                         "figures.");
  absl::StrAppendFormat(&out, "<circle cx=\"8\" cy=\"10\" r=\"5\" fill=\"#0b4f7d\"/>\n");
  out += Text(20, 14, "start", "value, with its 95 % interval");
  absl::StrAppendFormat(&out,
                        "<path d=\"M262 4 l6 6 l-6 6 l-6 -6 z\" fill=\"none\" "
                        "stroke=\"#0b0c0c\" stroke-width=\"1.5\"/>\n");
  out += Text(276, 14, "start", chart.reference_name);
  for (const auto& [value, label] : chart.ticks) {
    const double x = axis.At(value);
    out += Line(x, kHead - 4, x, kHead + rows, "stroke=\"#c9cdd0\"");
    const bool first = x < kLabelWidth + 1;
    const bool last = x > kRight - 1;
    const char* anchor = last ? "end" : first ? "start" : "middle";
    out += Text(x, kHead + rows + 14, anchor, absl::StrFormat("%g", value));
    out += Text(x, kHead + rows + 30, anchor, label);
  }
  double y = kHead + kRowHeight / 2 - 2;
  for (const IntervalPlot::Row& row : chart.rows) {
    out += Text(kLabelWidth - 8, y + 4, "end", row.label);
    out += Line(axis.At(row.lower), y, axis.At(row.upper), y,
                "stroke=\"#0b4f7d\" stroke-width=\"4\" stroke-linecap=\"round\"");
    if (row.reference) {
      absl::StrAppendFormat(&out,
                            "<path d=\"M%.1f %.1f l6 6 l-6 6 l-6 -6 z\" fill=\"#fff\" "
                            "stroke=\"#0b0c0c\" stroke-width=\"1.5\"/>\n",
                            axis.At(*row.reference), y - 6);
    }
    absl::StrAppendFormat(&out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#0b4f7d\"/>\n",
                          axis.At(row.value), y);
    y += kRowHeight;
  }
  return out + "</svg>\n";
}

std::string SvgOf(const TrendPlot& chart, std::string_view id) {
  constexpr double kTop = 14;
  constexpr double kBottom = 150;
  constexpr double kLeft = 34;
  constexpr double kNames = 316;  // of the lines, on the right
  const double span = chart.axis_high > chart.axis_low ? chart.axis_high - chart.axis_low : 1;
  const auto height_of = [&](double value) {
    const double share = std::clamp((value - chart.axis_low) / span, 0.0, 1.0);
    return kBottom - share * (kBottom - kTop);
  };
  const auto count = static_cast<double>(std::max<size_t>(chart.points.size(), 2) - 1);
  const auto place_of = [&](size_t i) {
    return kLeft + 16 + static_cast<double>(i) / count * (kNames - 26 - kLeft - 16);
  };
  std::string out = Open(id, 420, kBottom + 30, chart.title,
                         "A dot for each quarter; the table has the figures.");
  for (const double tick :
       {chart.axis_low, (chart.axis_low + chart.axis_high) / 2, chart.axis_high}) {
    out += Line(kLeft, height_of(tick), kNames - 6, height_of(tick), "stroke=\"#e3e5e7\"");
    out += Text(kLeft - 8, height_of(tick) + 4, "end", absl::StrFormat("%.1f", tick));
  }
  struct Level {
    double value;
    const char* name;
    const char* style;
  };
  const std::array<Level, 3> levels = {
      {{chart.upper_limit, "upper limit", "stroke=\"#505a5f\" stroke-dasharray=\"6 4\""},
       {chart.mean, "middle line", "stroke=\"#505a5f\""},
       {chart.lower_limit, "lower limit", "stroke=\"#505a5f\" stroke-dasharray=\"6 4\""}}};
  double last = -100;
  for (const Level& level : levels) {
    out += Line(kLeft, height_of(level.value), kNames - 6, height_of(level.value), level.style);
    // Names keep apart where the lines lie close.
    last = std::max(height_of(level.value) + 4, last + 14);
    out += Text(kNames, last, "start", absl::StrFormat("%s %.2f", level.name, level.value));
  }
  std::string path;
  for (size_t i = 0; i < chart.points.size(); ++i) {
    absl::StrAppendFormat(&path, "%s%.1f %.1f", i == 0 ? "M" : " L", place_of(i),
                          height_of(chart.points[i].value));
  }
  absl::StrAppendFormat(
      &out, "<path d=\"%s\" fill=\"none\" stroke=\"#0b4f7d\" stroke-width=\"2\"/>\n", path);
  const size_t step = std::max<size_t>(1, (chart.points.size() + 3) / 4);
  for (size_t i = 0; i < chart.points.size(); ++i) {
    const double x = place_of(i);
    const double y = height_of(chart.points[i].value);
    if (chart.points[i].signal) {
      absl::StrAppendFormat(&out,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"11\" height=\"11\" "
                            "fill=\"#a3282b\"/>\n",
                            x - 5.5, y - 5.5);
    } else {
      absl::StrAppendFormat(&out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#0b4f7d\"/>\n", x,
                            y);
    }
    if (i % step == 0) out += Text(x, kBottom + 20, "middle", chart.points[i].label);
  }
  return out + "</svg>\n";
}

}  // namespace steelyard::negotiations
