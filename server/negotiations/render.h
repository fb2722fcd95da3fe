#ifndef STEELYARD_SERVER_NEGOTIATIONS_RENDER_H_
#define STEELYARD_SERVER_NEGOTIATIONS_RENDER_H_

// A pack as a file. All three hold the same figures, for they are made of the
// same document. Whatever text stands in it cannot become markup, script or a
// formula. Pure functions, thread-safe.

#include <string>

#include "server/negotiations/pack_document.h"

namespace steelyard::negotiations {

// One page that needs nothing else: no script, no resource from elsewhere.
// Prints on A4.
std::string RenderHtml(const PackDocument& document);

// Markdown with pipe tables (GitHub's flavour). Charts are left to their
// tables.
std::string RenderMarkdown(const PackDocument& document);

// RFC 4180, one figure a row with its receipt. A cell that a spreadsheet would
// take for a formula begins with an apostrophe.
std::string RenderCsv(const PackDocument& document);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_RENDER_H_
