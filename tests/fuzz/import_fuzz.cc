// Reads any bytes as a council's file. The first byte chooses the profile.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include "client/import/importer.h"
#include "client/import/rejects.h"
#include "client/import/text.h"

namespace {

using namespace steelyard::importing;  // NOLINT: a program of one file

void Require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "not so: %s\n", what);
    std::abort();
  }
}

bool IsUtf8(const std::string& text) { return ValidUtf8Prefix(text) == text.size(); }

const Profile& ProfileOf(uint8_t choice) {
  static const std::vector<Profile>& profiles = *[] {
    auto* all = new std::vector<Profile>;
    for (const ShippedProfile& shipped : ShippedProfiles()) {
      all->push_back(*ParseProfile(shipped.toml, std::string(shipped.name)));
    }
    return all;
  }();
  return profiles[choice % profiles.size()];
}

struct Counts {
  int64_t lines = 0;
  int64_t rejected = 0;
  bool whole = false;  // read to its end
};

// Reads the file and, if `rejects` is given, writes its rejected rows.
Counts Read(const std::string& bytes, const Profile& profile, std::ostream* rejects) {
  Counts counts;
  const ImportLimits limits{
      .max_unpacked_bytes = 1 << 22, .max_ratio = 1000, .max_row_bytes = 4096};
  auto importer = Importer::Open(std::make_unique<std::istringstream>(bytes), profile, limits);
  if (!importer.ok()) {
    Require(!importer.status().message().empty(), "a refusal has words");
    return counts;
  }
  std::unique_ptr<RejectsWriter> writer;
  if (rejects != nullptr) {
    writer = std::make_unique<RejectsWriter>(*rejects, (*importer)->detected());
  }
  ImportedLine line;
  int64_t row = (*importer)->detected().header_row;
  while (true) {
    const absl::StatusOr<bool> more = (*importer)->Next(&line);
    if (!more.ok() || !*more) {
      counts.whole = more.ok();
      return counts;
    }
    Require(line.row > row, "rows go up");
    row = line.row;
    for (const std::string& field : line.fields) {
      Require(IsUtf8(field), "cells are UTF-8");
    }
    for (const auto& problem : line.problems) {
      Require(problem.row() == row && !problem.message().empty() && !problem.code().empty(),
              "a problem has its row, code and words");
    }
    const auto& purchase = line.purchase;
    Require(line.rejected() || (purchase.packs() > 0 && purchase.pack_content() > 0 &&
                                purchase.pack_price_micros() > 0 && !purchase.reference().empty() &&
                                !purchase.product().empty() && purchase.has_order_date()),
            "an accepted line has what is required");
    Require(IsUtf8(line.council) && IsUtf8(purchase.reference()) && IsUtf8(purchase.product()) &&
                IsUtf8(purchase.supplier()),
            "a line can be sent");
    ++counts.lines;
    counts.rejected += line.rejected() ? 1 : 0;
    if (writer != nullptr && line.rejected()) {
      writer->Write(line.fields, line.problems);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const Profile& profile = ProfileOf(data[0]);
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  std::ostringstream rejects;
  const Counts first = Read(bytes, profile, &rejects);
  // What was rejected for its values is rejected again, row by row; only rows
  // whose quotes were broken may become good by being written with right ones.
  if (first.whole && first.rejected > 0) {
    const Counts second = Read(rejects.str(), profile, nullptr);
    Require(!second.whole || second.lines <= first.rejected, "no row is made up");
  }
  return 0;
}
