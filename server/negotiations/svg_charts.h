#ifndef STEELYARD_SERVER_NEGOTIATIONS_SVG_CHARTS_H_
#define STEELYARD_SERVER_NEGOTIATIONS_SVG_CHARTS_H_

// Charts of a pack as inline SVG. Each has its words as `title` and `desc`;
// the table beside it has its figures. They read in grey too: parts have
// labels, signals another shape. Pure functions, thread-safe.

#include <string>
#include <string_view>

#include "server/negotiations/pack_document.h"

namespace steelyard::negotiations {

// `text` as HTML and SVG text or attribute value: & < > " and ' are escaped,
// and control characters that XML does not allow are left out.
std::string EscapeHtml(std::string_view text);

// `id` is unique in the page.
std::string SvgOf(const StackedBars& chart, std::string_view id);
std::string SvgOf(const IntervalPlot& chart, std::string_view id);
std::string SvgOf(const TrendPlot& chart, std::string_view id);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_SVG_CHARTS_H_
