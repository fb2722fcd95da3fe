#ifndef STEELYARD_CLIENT_CLI_PROVISION_VIEW_H_
#define STEELYARD_CLIENT_CLI_PROVISION_VIEW_H_

// Places and concentration of the public register, as a commissioner reads it.

#include <cstddef>
#include <ostream>
#include <string>

#include "client/cli/grid.h"
#include "client/cli/provider_view.h"
#include "steelyard/v1/provider_benchmark.pb.h"

namespace steelyard::cli {

// `who` is whom the question was about, empty for all; `names` has the areas.
void PrintProvision(std::ostream& out, size_t width, const v1::Provision& provision,
                    const std::string& who, const DisplayNames& names);

// For CSV: one area a row, the whole country first.
Grid ProvisionGrid(const v1::Provision& provision);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PROVISION_VIEW_H_
