#ifndef STEELYARD_CLIENT_DEMO_PROVIDER_FILES_H_
#define STEELYARD_CLIENT_DEMO_PROVIDER_FILES_H_

#include <ostream>
#include <string_view>
#include <vector>

#include "client/demo/outcomes.h"
#include "client/demo/payments.h"
#include "client/demo/providers.h"

namespace steelyard::demo {

// The register of providers, as docs/registers.md describes it.
void WriteProviders(std::ostream& out, const std::vector<Provider>& providers);

// Reports of many councils in the columns of the import profile `outcomes`.
void WriteReports(std::ostream& out, const std::vector<Report>& reports);

// One council's file, without the council's column: some good reports and,
// between them, one with each kind of mistake that is made in practice.
void WriteReportsWithErrors(std::ostream& out, const std::vector<Report>& reports);

// The published payments of one council in the columns of the import profile
// `payments`.
void WritePayments(std::ostream& out, const std::vector<Payment>& payments,
                   std::string_view council);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_PROVIDER_FILES_H_
