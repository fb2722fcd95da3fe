// Reads any bytes as a profile, and a small file with what comes out.

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "client/import/importer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace steelyard::importing;  // NOLINT: a program of one function
  const auto profile =
      ParseProfile(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!profile.ok()) {
    if (profile.status().message().empty()) {
      std::abort();
    }
    return 0;
  }
  constexpr const char* kFile =
      "Ref,Item,Vendor,Ordered,Packs,Size,Price,Total\n"
      "1,mask,Acme,14/04/2020,10,box of 50,12.50,125.00\n"
      "2,gown,N/A,31/02/2020,x,\"1\n0\",(5.00),£3\n";
  auto importer = Importer::Open(std::make_unique<std::istringstream>(kFile), *profile);
  if (importer.ok()) {
    ImportedLine line;
    for (auto more = (*importer)->Next(&line); more.ok() && *more;
         more = (*importer)->Next(&line)) {
    }
  }
  return 0;
}
