#include "server/purchases/purchase_lines.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/directory/new_suppliers.h"
#include "server/lines/refusals.h"
#include "server/purchases/line_checker.h"
#include "server/purchases/purchase_proto.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

namespace error = rpc::error;

// Other uploads may add suppliers in between, perhaps the same ones.
constexpr int kSupplierTries = 50;

lines::LineBatch CheckWith(LineChecker& checker, const lines::Setting& setting,
                           const PurchaseLines::Lines& lines, model::CouncilNo scope) {
  lines::LineBatch batch;
  batch.drafts.reserve(static_cast<size_t>(lines.size()));
  lines::RefusedCounter refused;
  for (const v1::UploadLine& line : lines) {
    const std::string& reference = line.purchase().reference();
    const model::CouncilNo council =
        scope.value != 0 ? scope
                         : lines::CouncilOf(*setting.resolver, line.council(), line.row(),
                                            reference, "bought", batch.problems);
    const CheckedLine checked = checker.Check(line.row(), council, line.purchase(), batch.problems);
    const bool other =
        scope.value != 0 && lines::NamesOther(*setting.resolver, scope, line.council(), line.row(),
                                              reference, batch.problems);
    const bool taken = checked.content.has_value() && council.value != 0 && !other;
    if (taken) {
      batch.drafts.push_back(
          ledger::MakeDraft(council, line.row(), reference, *checked.content, setting.today));
    }
    refused.Add(council, taken, checked.warnings);
  }
  batch.refused = refused.Counts();
  return batch;
}

// Registers those of `names` that stand for no supplier yet.
absl::Status AddSuppliers(const lines::LineContext& context, const ledger::Meta& meta,
                          const std::vector<std::string>& names) {
  for (int i = 0; i < kSupplierTries; ++i) {
    const auto resolver = context.directory.Current();
    ledger::PutRegisters put;
    put.suppliers = directory::NewSuppliers(*resolver, names);
    if (put.suppliers.empty()) return absl::OkStatus();
    put.meta = meta;
    put.expected_version = resolver->registers().version;
    const absl::Status done = context.ledger.Execute(std::move(put)).status();
    if (Sv(done.message()) != ledger::kRegistersChanged) {
      if (done.ok()) return done;
      return lines::FromLedger(done, PurchaseLines::kResource, "suppliers/-");
    }
  }
  return error::Overloaded();
}

// The setting as it will be once `names` are registered.
absl::StatusOr<lines::Setting> WithSuppliers(lines::Setting setting,
                                             const std::vector<std::string>& names) {
  auto registers = std::make_shared<model::Registers>(setting.resolver->registers());
  for (model::Supplier& s : directory::NewSuppliers(*setting.resolver, names)) {
    registers->Put(std::move(s));
  }
  ASSIGN_OR_RETURN(setting.resolver,
                   directory::Resolver::Build(std::move(registers), setting.resolver.get()));
  return setting;
}

}  // namespace

void PurchaseLines::ToProto(const Content& content, std::string_view reference,
                            const model::Registers& registers, Proto* out) {
  purchases::ToProto(content, registers, out);
  out->set_reference(std::string(reference));
}

lines::LineBatch PurchaseLines::Check(const lines::Setting& setting, const Lines& lines,
                                      model::CouncilNo scope) {
  LineChecker checker(setting.resolver, setting.today);
  return CheckWith(checker, setting, lines, scope);
}

absl::StatusOr<lines::LineBatch> PurchaseLines::CheckChunk(const lines::LineContext& context,
                                                           const lines::UploadSession& session,
                                                           const UploadChunk& chunk) {
  const lines::Setting setting = lines::SettingOf(context);
  LineChecker checker(setting.resolver, setting.today);
  lines::LineBatch batch = CheckWith(checker, setting, chunk.lines(), session.scope());
  const std::vector<std::string>& unknown = checker.unknown_suppliers();
  if (!session.start().add_suppliers() || unknown.empty()) return batch;
  if (session.start().validate_only()) {
    // They would be added: what is left is checked as if they were there.
    ASSIGN_OR_RETURN(const lines::Setting with_added, WithSuppliers(setting, unknown));
    return Check(with_added, chunk.lines(), session.scope());
  }
  RETURN_IF_ERROR(AddSuppliers(context, session.Now(), unknown));
  return Check(lines::SettingOf(context), chunk.lines(), session.scope());
}

bool PurchaseLines::IsMutable(const google::protobuf::FieldDescriptor& field) {
  using P = v1::Purchase;
  switch (field.number()) {
    case P::kProductFieldNumber:
    case P::kSupplierFieldNumber:
    case P::kOrderDateFieldNumber:
    case P::kPacksFieldNumber:
    case P::kPackContentFieldNumber:
    case P::kPackPriceMicrosFieldNumber:
    case P::kCurrencyCodeFieldNumber:
    case P::kVatRateBasisPointsFieldNumber:
    case P::kFreightMicrosFieldNumber:
    case P::kPromisedDateFieldNumber:
    case P::kDeliveriesFieldNumber:
    case P::kQualityFieldNumber:
    case P::kCountryOfManufactureFieldNumber:
    case P::kMadeInUkFieldNumber:
    case P::kPriceConfirmedFieldNumber:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<std::function<bool(const PurchaseLines::Line&)>> PurchaseLines::FilterOf(
    const v1::ListPurchasesRequest& request, const directory::Resolver& resolver) {
  std::optional<model::ProductNo> product;
  std::optional<model::SupplierNo> supplier;
  std::optional<model::Day> from;
  std::optional<model::Day> to;
  std::vector<rpc::FieldViolation> violations;
  if (!request.product().empty()) {
    product = resolver.ResolveProduct(request.product()).no;
    if (product->value == 0) violations.push_back({"product", "no such product"});
  }
  if (!request.supplier().empty()) {
    supplier = resolver.ResolveSupplier(request.supplier()).no;
    if (supplier->value == 0) violations.push_back({"supplier", "no such supplier"});
  }
  if (request.has_order_date_from()) {
    from = rpc::FromProto(request.order_date_from());
    if (!from) violations.push_back({"order_date_from", "not a day in the calendar"});
  }
  if (request.has_order_date_to()) {
    to = rpc::FromProto(request.order_date_to());
    if (!to) violations.push_back({"order_date_to", "not a day in the calendar"});
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return [=, show_withdrawn = request.show_withdrawn()](const Line& line) {
    const model::PurchaseContent& c = line.content;
    return (show_withdrawn || !line.record.withdrawn) && (!product || c.product == *product) &&
           (!supplier || c.supplier == *supplier) && (!from || c.order_date >= *from) &&
           (!to || c.order_date <= *to);
  };
}

}  // namespace steelyard::purchases
