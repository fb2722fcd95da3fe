#include "tests/contract/harness.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/text_format.h"

namespace steelyard::contract {

void Merge(std::string text, google::protobuf::Message& message) {
  text = absl::StrReplaceAll(text, {{"$uuid", NewUuid()}});
  if (google::protobuf::TextFormat::MergeFromString(text, &message)) return;
  std::fprintf(stderr, "not a %s: %s\n", message.GetTypeName().c_str(), text.c_str());
  std::abort();
}

Upload::Upload(const Client& client)
    : context_(ContextOf(client.secret())),
      stub_(client.channel()),
      stream_(stub_.UploadPurchases(context_.get())) {}

Upload::~Upload() {
  if (ended_) return;
  context_->TryCancel();
  End();
}

std::optional<v1::UploadPurchasesResponse> Upload::Read() {
  v1::UploadPurchasesResponse response;
  if (!stream_->Read(&response)) return std::nullopt;
  return response;
}

std::optional<v1::UploadPurchasesResponse> Upload::Exchange(
    const v1::UploadPurchasesRequest& request) {
  // After a refusal the write may fail; the read then says that it is over.
  Send(request);
  return Read();
}

std::optional<v1::UploadPurchasesResponse> Upload::Start(const std::string& text) {
  v1::UploadPurchasesRequest request;
  Merge(text, *request.mutable_start());
  return Exchange(request);
}

std::optional<v1::UploadPurchasesResponse> Upload::Chunk(int64_t index,
                                                         const std::vector<v1::Purchase>& lines,
                                                         int64_t first_row) {
  return Exchange(ChunkOf(index, lines, first_row));
}

std::optional<v1::UploadPurchasesResponse> Upload::Finish(int64_t chunks) {
  v1::UploadPurchasesRequest request;
  request.mutable_finish()->set_chunks(chunks);
  return Exchange(request);
}

grpc::Status Upload::End() {
  ended_ = true;
  stream_->WritesDone();
  v1::UploadPurchasesResponse rest;
  while (stream_->Read(&rest)) {
  }
  return stream_->Finish();
}

v1::UploadPurchasesRequest ChunkOf(int64_t index, const std::vector<v1::Purchase>& lines,
                                   int64_t first_row) {
  v1::UploadPurchasesRequest request;
  request.mutable_chunk()->set_index(index);
  for (const v1::Purchase& line : lines) {
    v1::UploadLine* added = request.mutable_chunk()->add_lines();
    added->set_row(first_row++);
    *added->mutable_purchase() = line;
  }
  return request;
}

v1::Purchase Line(const std::string& reference, const std::string& changes) {
  auto line = Parse<v1::Purchase>(R"(
    product: "mask-type-iir-ear-loop" supplier: "acme"
    order_date { year: 2024 month: 3 day: 14 }
    packs: 10 pack_content: 50 pack_price_micros: 6000000)");
  line.set_reference(reference);
  Merge(changes, line);
  return line;
}

std::vector<v1::Purchase> Lines(int count, const std::string& prefix) {
  std::vector<v1::Purchase> lines;
  for (int i = 0; i < count; ++i) lines.push_back(Line(absl::StrCat(prefix, i)));
  return lines;
}

std::string ReasonOf(const grpc::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return info ? info->reason() : "";
}

std::vector<std::string> ViolationsOf(const grpc::Status& status) {
  std::vector<std::string> words;
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  if (!bad) return words;
  for (const auto& v : bad->field_violations()) {
    words.push_back(
        absl::StrCat(v.field(), v.reason().empty() ? "" : " ", v.reason(), ": ", v.description()));
  }
  return words;
}

std::vector<std::string> WordsOf(const google::protobuf::RepeatedPtrField<v1::Problem>& problems) {
  std::vector<std::string> words;
  for (const v1::Problem& p : problems) {
    const char* mark = p.severity() == v1::Problem::WARNING   ? "?"
                       : p.severity() == v1::Problem::CONFIRM ? "!"
                                                              : "";
    words.push_back(
        absl::StrCat("row ", p.row(), " ", p.field(), " ", p.code(), mark, ": ", p.message()));
  }
  return words;
}

ContractTest::ContractTest()
    : steward_(server_.channel(), server_.steward()),
      hackney_(As(v1::ROLE_SUBMITTER, kHackney)),
      camden_(As(v1::ROLE_SUBMITTER, kCamden)) {
  const auto loaded = steward_.Call(&Registry::LoadRegister, R"(
      register: SUPPLIERS request_id: "$uuid"
      csv: "id,name,company_number\n"
           "acme,Acme Supplies Ltd,01234567\n"
           "bolt,Bolt Medical PLC,\n"
           "crane,Crane Safety Ltd,\n")");
  EXPECT_THAT(loaded, Succeeds());
  EXPECT_EQ(loaded.reply.created_entries(), 3);
}

Client ContractTest::As(v1::Role role, const std::string& council) {
  return Client(server_.channel(), server_.MakeToken(role, council));
}

int64_t ContractTest::ActiveLines(const Client& council, const std::string& name) {
  v1::GetPublicationStatusRequest request;
  request.set_council(name);
  const auto status = council.Call(&Purchases::GetPublicationStatus, request);
  EXPECT_THAT(status, Succeeds());
  return status.reply.active_lines();
}

}  // namespace steelyard::contract
