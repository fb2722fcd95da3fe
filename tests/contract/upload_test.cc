// Files sent as streams of chunks: receipts, resuming, refusing.

#include <chrono>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// For Fails, which looks at an answer.
struct Ended {
  grpc::Status status;
};

class UploadTest : public ContractTest {
 protected:
  static std::string StartOf(const std::string& id, const std::string& options = "",
                             const std::string& parent = kHackney) {
    return absl::StrCat("parent: '", parent, "' upload_id: '", id, "' ", options);
  }
  // Sends all lines as chunks of `size` and finishes.
  v1::UploadFinished SendAll(const Client& client, const std::string& start,
                             const std::vector<v1::Purchase>& lines, size_t size = 2000) {
    Upload upload(client);
    EXPECT_TRUE(upload.Start(start).has_value());
    int64_t index = 0;
    for (size_t at = 0; at < lines.size(); at += size, ++index) {
      const auto end = lines.begin() + std::min(lines.size(), at + size);
      EXPECT_TRUE(upload.Chunk(index, {lines.begin() + at, end}, at + 1).has_value());
    }
    const auto finished = upload.Finish(index);
    EXPECT_TRUE(finished.has_value());
    EXPECT_TRUE(upload.End().ok());
    return finished ? finished->finished() : v1::UploadFinished();
  }
  // Starts the upload anew until the server has noticed that the stream
  // before it broke; the next chunk that it asks for.
  static int64_t Resume(std::optional<Upload>& upload, const Client& client,
                        const std::string& start) {
    for (int i = 0; i < 100; ++i) {
      upload.emplace(client);
      if (const auto started = upload->Start(start)) return started->started().next_chunk();
      EXPECT_EQ(ReasonOf(upload->End()), "UPLOAD_IN_USE");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the upload stays in use";
    return -1;
  }
  int64_t LedgerSequence() {
    return steward_.Call(&Operations::GetStatus, "").reply.ledger_sequence();
  }
};

TEST_F(UploadTest, AFileInChunksIsAcknowledgedChunkByChunk) {
  Upload upload(hackney_);
  const auto started = upload.Start(StartOf(NewUuid(), "mode: VALID_LINES"));
  ASSERT_TRUE(started.has_value());
  EXPECT_EQ(started->started().next_chunk(), 0);
  const auto first = upload.Chunk(0, Lines(3, "A"));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->chunk().index(), 0);
  EXPECT_EQ(first->chunk().received_lines(), 3);
  EXPECT_GT(first->chunk().ledger_sequence(), 0);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 3);  // they count at once
  const auto second = upload.Chunk(1, Lines(2, "B"));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->chunk().received_lines(), 5);
  EXPECT_GT(second->chunk().ledger_sequence(), first->chunk().ledger_sequence());
  const auto finished = upload.Finish(2);
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->finished().total().created_lines(), 5);
  EXPECT_EQ(finished->finished().total().name(), "");
  ASSERT_THAT(finished->finished().submissions(), SizeIs(1));
  const v1::Submission receipt = finished->finished().submissions(0);
  EXPECT_EQ(receipt.state(), v1::Submission::COMMITTED);
  EXPECT_EQ(receipt.mode(), v1::Submission::VALID_LINES);
  EXPECT_THAT(receipt.content_sha256(), SizeIs(64));
  EXPECT_THAT(receipt.running_sha256(), SizeIs(64));
  EXPECT_TRUE(upload.End().ok());

  v1::GetSubmissionRequest get;
  get.set_name(receipt.name());
  EXPECT_EQ(hackney_.Call(&Purchases::GetSubmission, get).reply.SerializeAsString(),
            receipt.SerializeAsString());
}

TEST_F(UploadTest, AFileSentAgainChangesNothingAndSaysSo) {
  const auto lines = Lines(20);
  EXPECT_EQ(
      SendAll(hackney_, StartOf(NewUuid(), "mode: VALID_LINES"), lines).total().created_lines(),
      20);
  auto again = lines;
  again[7].set_packs(77);
  const auto finished = SendAll(hackney_, StartOf(NewUuid(), "mode: VALID_LINES"), again, 6);
  EXPECT_EQ(finished.total().unchanged_lines(), 19);
  EXPECT_EQ(finished.total().corrected_lines(), 1);
  EXPECT_EQ(finished.total().created_lines(), 0);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 20);
}

TEST_F(UploadTest, WholeTakesAllOrNothing) {
  auto lines = Lines(10);
  lines[6].set_packs(0);
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "mode: WHOLE")).has_value());
  const auto ack = upload.Chunk(0, lines, 2);
  ASSERT_TRUE(ack.has_value());
  EXPECT_THAT(WordsOf(ack->chunk().problems()),
              ElementsAre(StartsWith("row 8 packs NUMBER_OUT_OF_RANGE: Packs is 0;")));
  EXPECT_EQ(ack->chunk().ledger_sequence(), 0);  // it waits for the finish
  const auto finished = upload.Finish(1);
  ASSERT_TRUE(finished.has_value());
  ASSERT_THAT(finished->finished().submissions(), SizeIs(1));
  EXPECT_EQ(finished->finished().submissions(0).state(), v1::Submission::REFUSED);
  EXPECT_EQ(finished->finished().total().created_lines(), 0);
  EXPECT_EQ(finished->finished().total().rejected_lines(), 1);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);

  lines[6].set_packs(10);
  const auto mended = SendAll(hackney_, StartOf(NewUuid()), lines, 3);
  EXPECT_EQ(mended.submissions(0).state(), v1::Submission::COMMITTED);
  EXPECT_EQ(mended.submissions(0).mode(), v1::Submission::WHOLE);
  EXPECT_EQ(mended.total().created_lines(), 10);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 10);
}

TEST_F(UploadTest, ValidLinesTakeTheRest) {
  auto lines = Lines(10);
  lines[6].set_packs(0);
  lines[8].set_pack_price_micros(600'000'000);  // asks for confirmation
  const auto finished = SendAll(hackney_, StartOf(NewUuid(), "mode: VALID_LINES"), lines, 4);
  EXPECT_EQ(finished.total().created_lines(), 8);
  EXPECT_EQ(finished.total().rejected_lines(), 2);
  EXPECT_EQ(finished.total().received_lines(), 10);
  EXPECT_EQ(finished.submissions(0).rejected_lines(), 2);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 8);
}

TEST_F(UploadTest, AReferenceThatStandsTwiceInAFileIsAProblem) {
  for (const std::string mode : {"VALID_LINES", "WHOLE"}) {
    std::vector<v1::Purchase> lines = Lines(3, mode);
    lines.push_back(lines[0]);                       // word for word: harmless
    lines.push_back(Line(mode + "1", "packs: 11"));  // another line under the same reference
    Upload upload(hackney_);
    ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "mode: " + mode)).has_value());
    const auto ack = upload.Chunk(0, lines);
    ASSERT_TRUE(ack.has_value());
    const auto finished = upload.Finish(1);
    ASSERT_TRUE(finished.has_value());
    auto problems = ack->chunk().problems();
    problems.MergeFrom(finished->finished().problems());
    EXPECT_THAT(WordsOf(problems),
                ElementsAre(absl::StrCat("row 5 reference REFERENCE_REPEATED: Reference '", mode,
                                         "1' stands on an earlier row with other content; give "
                                         "each line its own reference.")));
    const v1::Submission& total = finished->finished().total();
    EXPECT_EQ(total.created_lines(), mode == "WHOLE" ? 0 : 3);
    EXPECT_EQ(total.unchanged_lines(), mode == "WHOLE" ? 0 : 1);
    EXPECT_EQ(total.rejected_lines(), 1);
  }
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 3);
}

TEST_F(UploadTest, ALineThatWasWithdrawnStaysWithdrawn) {
  SendAll(hackney_, StartOf(NewUuid()), Lines(2));
  ASSERT_THAT(hackney_.Call(&Purchases::WithdrawPurchase,
                            "name: 'councils/hck/purchases/A0' reason: 'x' request_id: '$uuid'"),
              Succeeds());
  for (const char* mode : {"mode: VALID_LINES", "mode: WHOLE"}) {
    Upload upload(hackney_);
    ASSERT_TRUE(upload.Start(StartOf(NewUuid(), mode)).has_value());
    const auto ack = upload.Chunk(0, Lines(2));
    const auto finished = upload.Finish(1);
    ASSERT_TRUE(ack && finished);
    auto problems = ack->chunk().problems();
    problems.MergeFrom(finished->finished().problems());
    EXPECT_THAT(WordsOf(problems),
                ElementsAre("row 1 reference LINE_WITHDRAWN: Reference 'A0' was withdrawn before; "
                            "send the line under a new reference."));
  }
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);
}

TEST_F(UploadTest, ValidateOnlyKeepsNothing) {
  SendAll(hackney_, StartOf(NewUuid()), Lines(2));
  const int64_t before = LedgerSequence();
  auto lines = Lines(5);
  lines[1].set_packs(11);  // would correct
  lines[4].set_packs(-1);  // would be refused
  lines.push_back(Line("A3", "packs: 12"));
  lines.push_back(Line("A6", "supplier: 'Newcomer Ltd'"));
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "validate_only: true add_suppliers: true")));
  const auto ack = upload.Chunk(0, lines);
  ASSERT_TRUE(ack.has_value());
  EXPECT_THAT(WordsOf(ack->chunk().problems()),
              ElementsAre(HasSubstr("row 5 packs NUMBER_OUT_OF_RANGE"),
                          HasSubstr("row 6 reference REFERENCE_REPEATED")));
  const auto finished = upload.Finish(1);
  ASSERT_TRUE(finished.has_value());
  EXPECT_THAT(finished->finished().submissions(), IsEmpty());
  const v1::Submission& total = finished->finished().total();
  EXPECT_EQ(total.created_lines(), 3);
  EXPECT_EQ(total.corrected_lines(), 1);
  EXPECT_EQ(total.unchanged_lines(), 1);
  EXPECT_EQ(total.rejected_lines(), 2);
  EXPECT_EQ(LedgerSequence(), before);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 2);
  EXPECT_THAT(hackney_.Call(&Registry::GetSupplier, "name: 'suppliers/newcomer-ltd'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(UploadTest, NewSuppliersAreRegisteredWhenAsked) {
  const std::vector<v1::Purchase> lines = {
      Line("A1", "supplier: 'Newcomer Ltd'"), Line("A2", "supplier: 'NEWCOMER LIMITED'"),
      Line("A3", "supplier: 'Acme Supplies'"), Line("A4", "supplier: 'Bad\\nName'")};
  const auto refused = SendAll(hackney_, StartOf(NewUuid(), "mode: VALID_LINES"), lines);
  EXPECT_EQ(refused.total().rejected_lines(), 3);
  const auto taken =
      SendAll(hackney_, StartOf(NewUuid(), "mode: VALID_LINES add_suppliers: true"), lines);
  EXPECT_EQ(taken.total().created_lines(), 2);
  EXPECT_EQ(taken.total().unchanged_lines(), 1);
  EXPECT_EQ(taken.total().rejected_lines(), 1);
  std::map<std::string, std::string> suppliers;
  const auto listed = hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck'");
  for (const v1::Purchase& p : listed.reply.purchases()) suppliers[p.reference()] = p.supplier();
  EXPECT_EQ(suppliers["A1"], suppliers["A2"]);
  EXPECT_EQ(suppliers["A3"], "suppliers/acme");
  EXPECT_THAT(hackney_.Call(&Registry::GetSupplier, absl::StrCat("name: '", suppliers["A1"], "'")),
              Succeeds());
}

TEST_F(UploadTest, AFileOfManyBodiesGivesEachItsReceipt) {
  auto chunk = ChunkOf(0, Lines(6));
  const char* councils[] = {"hck", "councils/cmd", "Leeds City Council", "HCK", "nowhere", "lds"};
  for (int i = 0; i < 6; ++i) chunk.mutable_chunk()->mutable_lines(i)->set_council(councils[i]);
  Upload upload(steward_);
  ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "mode: VALID_LINES", "councils/-")).has_value());
  const auto ack = upload.Exchange(chunk);
  ASSERT_TRUE(ack.has_value());
  EXPECT_THAT(WordsOf(ack->chunk().problems()),
              ElementsAre(StartsWith("row 5 council COUNCIL_UNKNOWN: Council 'nowhere'")));
  const auto finished = upload.Finish(1);
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->finished().total().created_lines(), 5);
  EXPECT_EQ(finished->finished().total().rejected_lines(), 1);
  std::map<std::string, int64_t> created;
  for (const v1::Submission& s : finished->finished().submissions()) {
    created[s.name().substr(0, 12)] = s.created_lines();
  }
  EXPECT_EQ(created,
            (std::map<std::string, int64_t>{{kHackney, 2}, {kCamden, 1}, {"councils/lds", 2}}));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 2);
  EXPECT_EQ(ActiveLines(camden_, kCamden), 1);
}

TEST_F(UploadTest, ABrokenStreamGoesOnWhereItWas) {
  for (const std::string mode : {"VALID_LINES", "WHOLE"}) {
    const std::string start = StartOf(NewUuid(), "mode: " + mode);
    {
      Upload broken(hackney_);
      ASSERT_TRUE(broken.Start(start).has_value());
      ASSERT_TRUE(broken.Chunk(0, Lines(5, mode + "A")).has_value());
      ASSERT_TRUE(broken.Chunk(1, Lines(5, mode + "B"), 6).has_value());
      broken.Cancel();
    }
    std::optional<Upload> upload;
    ASSERT_EQ(Resume(upload, hackney_, start), 2);
    // What was acknowledged may come again: it changes nothing.
    const auto again = upload->Chunk(1, Lines(5, mode + "B"), 6);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->chunk().received_lines(), 10);
    ASSERT_TRUE(upload->Chunk(2, Lines(5, mode + "C"), 11).has_value());
    const auto finished = upload->Finish(3);
    ASSERT_TRUE(finished.has_value());
    EXPECT_EQ(finished->finished().total().created_lines(), 15);
    // The finish may be lost too: the receipt is the same.
    std::optional<Upload> repeat;
    EXPECT_TRUE(upload->End().ok());
    EXPECT_EQ(Resume(repeat, hackney_, start), 3);
    const auto replayed = repeat->Finish(3);
    ASSERT_TRUE(replayed.has_value());
    EXPECT_EQ(replayed->finished().submissions(0).SerializeAsString(),
              finished->finished().submissions(0).SerializeAsString());
    EXPECT_EQ(replayed->finished().total().SerializeAsString(),
              finished->finished().total().SerializeAsString());
  }
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 30);
}

TEST_F(UploadTest, ARestartedServerKnowsWhatItAcknowledged) {
  for (const std::string mode : {"VALID_LINES", "WHOLE"}) {
    const std::string start = StartOf(NewUuid(), "mode: " + mode);
    {
      Upload broken(Client(server_.channel(), hackney_.secret()));
      ASSERT_TRUE(broken.Start(start).has_value());
      ASSERT_TRUE(broken.Chunk(0, Lines(5, mode + "A")).has_value());
      broken.Cancel();
    }
    server_.Restart();
    const Client hackney(server_.channel(), hackney_.secret());
    Upload upload(hackney);
    const auto started = upload.Start(start);
    ASSERT_TRUE(started.has_value());
    EXPECT_EQ(started->started().next_chunk(), 1);
    ASSERT_TRUE(upload.Chunk(1, Lines(5, mode + "B"), 6).has_value());
    const auto finished = upload.Finish(2);
    ASSERT_TRUE(finished.has_value());
    EXPECT_EQ(finished->finished().total().created_lines(), 10);
    EXPECT_EQ(ActiveLines(hackney, kHackney), mode == "WHOLE" ? 20 : 10);
  }
}

TEST_F(UploadTest, AFinishedUploadIsTheSameAfterARestart) {
  for (const std::string mode : {"VALID_LINES", "WHOLE"}) {
    const std::string start = StartOf(NewUuid(), "mode: " + mode);
    Client hackney(server_.channel(), hackney_.secret());
    const v1::UploadFinished finished = SendAll(hackney, start, Lines(5, mode), 3);
    server_.Restart();
    hackney = Client(server_.channel(), hackney_.secret());
    const int64_t lines = ActiveLines(hackney, kHackney);
    Upload again(hackney);
    const auto started = again.Start(start);
    ASSERT_TRUE(started.has_value());
    EXPECT_EQ(started->started().next_chunk(), 2);
    std::vector<v1::Purchase> first = Lines(5, mode);
    first.resize(3);
    EXPECT_TRUE(again.Chunk(0, first).has_value());
    const auto replayed = again.Finish(2);
    ASSERT_TRUE(replayed.has_value());
    ASSERT_THAT(replayed->finished().submissions(), SizeIs(1));
    EXPECT_EQ(replayed->finished().submissions(0).SerializeAsString(),
              finished.submissions(0).SerializeAsString());
    EXPECT_EQ(replayed->finished().total().SerializeAsString(),
              finished.total().SerializeAsString());
    EXPECT_TRUE(again.End().ok());
    EXPECT_EQ(ActiveLines(hackney, kHackney), lines);
    EXPECT_THAT(
        hackney.Call(&Purchases::ListSubmissions, "parent: 'councils/hck'").reply.submissions(),
        SizeIs(mode == "WHOLE" ? 2 : 1));
  }
}

TEST_F(UploadTest, AChunkThatComesAgainWithOtherLinesIsRefused) {
  for (const std::string mode : {"VALID_LINES", "WHOLE"}) {
    const std::string start = StartOf(NewUuid(), "mode: " + mode);
    const auto lines = Lines(5, mode);
    auto edited = lines;
    edited[2].set_packs(77);
    {
      Upload broken(hackney_);
      ASSERT_TRUE(broken.Start(start).has_value());
      ASSERT_TRUE(broken.Chunk(0, lines).has_value());
      broken.Cancel();
    }
    std::optional<Upload> upload;
    ASSERT_EQ(Resume(upload, hackney_, start), 1);
    EXPECT_FALSE(upload->Chunk(0, edited).has_value());
    const Ended ended{upload->End()};
    EXPECT_THAT(ended, Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
    EXPECT_THAT(ended.status.error_message(), HasSubstr("begun with other lines"));
    // The file as it was goes on.
    ASSERT_EQ(Resume(upload, hackney_, start), 1);
    ASSERT_TRUE(upload->Chunk(0, lines).has_value());
    EXPECT_TRUE(upload->Finish(1).has_value());
  }
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 10);
}

TEST_F(UploadTest, ALineThatNamesAnotherCouncilIsNotTaken) {
  for (const bool whole : {false, true}) {
    auto chunk = ChunkOf(0, Lines(5));
    // Its own council by any name, and what is no council at all, do no harm.
    const char* councils[] = {"", "hck", "Camden", "councils/hck", "Finance Department"};
    for (int i = 0; i < 5; ++i) chunk.mutable_chunk()->mutable_lines(i)->set_council(councils[i]);
    Upload upload(hackney_);
    ASSERT_TRUE(upload.Start(StartOf(NewUuid(), whole ? "mode: WHOLE" : "mode: VALID_LINES")));
    const auto ack = upload.Exchange(chunk);
    ASSERT_TRUE(ack.has_value());
    ASSERT_THAT(ack->chunk().problems(), SizeIs(1));
    const v1::Problem& problem = ack->chunk().problems(0);
    EXPECT_EQ(problem.row(), 3);
    EXPECT_EQ(problem.field(), "council");
    EXPECT_EQ(problem.code(), "COUNCIL_OTHER");
    EXPECT_EQ(problem.reference(), "A2");
    EXPECT_EQ(problem.found(), "Camden");
    EXPECT_EQ(problem.expected(), "'London Borough of Hackney' (hck) or nothing");
    EXPECT_EQ(
        problem.message(),
        "Council 'Camden' is not 'London Borough of Hackney' (hck), for which this is sent; take "
        "the line out, or have it sent for the council that it names.");
    const auto finished = upload.Finish(1);
    ASSERT_TRUE(finished.has_value());
    EXPECT_EQ(finished->finished().submissions(0).rejected_lines(), 1);
    EXPECT_EQ(finished->finished().total().rejected_lines(), 1);
    EXPECT_EQ(ActiveLines(hackney_, kHackney), 4);
  }
  EXPECT_EQ(ActiveLines(camden_, kCamden), 0);
  // A steward's upload for one council is no other.
  auto chunk = ChunkOf(0, Lines(1, "S"));
  chunk.mutable_chunk()->mutable_lines(0)->set_council("cmd");
  Upload steward(steward_);
  ASSERT_TRUE(steward.Start(StartOf(NewUuid(), "mode: VALID_LINES")));
  const auto ack = steward.Exchange(chunk);
  ASSERT_TRUE(ack.has_value());
  EXPECT_THAT(WordsOf(ack->chunk().problems()),
              ElementsAre(StartsWith("row 1 council COUNCIL_OTHER")));
  // Nor is it overlooked where lines are only checked.
  v1::ValidatePurchasesRequest validate;
  validate.set_parent(kHackney);
  *validate.mutable_lines() = chunk.chunk().lines();
  const auto checked = hackney_.Call(&Purchases::ValidatePurchases, validate);
  EXPECT_THAT(WordsOf(checked.reply.problems()),
              ElementsAre(StartsWith("row 1 council COUNCIL_OTHER")));
}

TEST_F(UploadTest, AnUploadHasOneStreamAtATime) {
  const std::string start = StartOf(NewUuid(), "mode: VALID_LINES");
  Upload first(hackney_);
  ASSERT_TRUE(first.Start(start).has_value());
  Upload second(hackney_);
  EXPECT_FALSE(second.Start(start).has_value());
  EXPECT_THAT(Ended{second.End()}, Fails(StatusCode::ABORTED, "UPLOAD_IN_USE"));
  ASSERT_TRUE(first.Chunk(0, Lines(1)).has_value());
  EXPECT_TRUE(first.Finish(1).has_value());
}

TEST_F(UploadTest, AnUploadIdIsNotForTwoUploads) {
  const std::string id = NewUuid();
  SendAll(hackney_, StartOf(id, "mode: VALID_LINES"), Lines(1));
  std::optional<Upload> other;
  for (int i = 0; i < 100; ++i) {
    other.emplace(hackney_);
    EXPECT_FALSE(other->Start(StartOf(id, "mode: WHOLE")).has_value());
    const grpc::Status status = other->End();
    if (ReasonOf(status) == "UPLOAD_IN_USE") continue;  // the first stream is ending
    EXPECT_THAT(Ended{status}, Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
    break;
  }
  // Another council's upload of that id is another upload.
  EXPECT_EQ(SendAll(camden_, StartOf(id, "mode: WHOLE", kCamden), Lines(1)).total().created_lines(),
            1);
}

// Messages of one stream and how it ends.
struct Disorder {
  const char* name;
  std::vector<std::string> messages;
  const char* field;
};
void PrintTo(const Disorder& d, std::ostream* out) { *out << d.name; }

constexpr char kStart[] = "start { parent: 'councils/hck' upload_id: '$uuid' mode: VALID_LINES }";
constexpr char kChunk[] =
    "lines { row: 1 purchase { reference: 'A' product: 'FRSM' supplier: 'acme' packs: 1"
    " order_date { year: 2024 month: 1 day: 1 } pack_content: 50 pack_price_micros: 6000000 } } }";

class UploadDisorder : public UploadTest, public ::testing::WithParamInterface<Disorder> {};

TEST_P(UploadDisorder, EndsTheStream) {
  Upload upload(hackney_);
  for (const std::string& message : GetParam().messages) {
    upload.Exchange(Parse<v1::UploadPurchasesRequest>(message));
  }
  const Ended ended{upload.End()};
  EXPECT_THAT(ended, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(ended.status),
              ElementsAre(StartsWith(std::string(GetParam().field) + ": ")));
}

INSTANTIATE_TEST_SUITE_P(
    All, UploadDisorder,
    ::testing::Values(
        Disorder{"NoStart", {std::string("chunk { index: 0 ") + kChunk}, "start"},
        Disorder{"TwoStarts", {kStart, kStart}, "start"}, Disorder{"Nothing", {kStart, ""}, "step"},
        Disorder{"GapInChunks", {kStart, std::string("chunk { index: 1 ") + kChunk}, "chunk.index"},
        Disorder{
            "NegativeChunk", {kStart, std::string("chunk { index: -1 ") + kChunk}, "chunk.index"},
        Disorder{"EmptyChunk", {kStart, "chunk { index: 0 }"}, "chunk.lines"},
        Disorder{"FinishTooEarly",
                 {kStart, std::string("chunk { index: 0 ") + kChunk, "finish { chunks: 2 }"},
                 "chunk.index"},
        Disorder{"NegativeFinish", {kStart, "finish { chunks: -1 }"}, "finish.chunks"},
        Disorder{"ChunkAfterFinish",
                 {kStart, "finish { chunks: 0 }", std::string("chunk { index: 0 ") + kChunk},
                 "chunk"},
        Disorder{"NoParent", {"start { upload_id: '$uuid' }"}, "start.parent"},
        Disorder{"NoUuid", {"start { parent: 'councils/hck' upload_id: '7' }"}, "start.upload_id"}),
    [](const auto& each) { return each.param.name; });

TEST_F(UploadTest, TwoThousandLinesAreTheMostOfAChunk) {
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "mode: VALID_LINES")).has_value());
  EXPECT_FALSE(upload.Chunk(0, Lines(2001)).has_value());
  EXPECT_THAT(Ended{upload.End()}, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);
}

TEST_F(UploadTest, AnothersCouncilIsNotFound) {
  for (const char* parent : {kCamden, "councils/zzz", "councils/-"}) {
    Upload upload(hackney_);
    EXPECT_FALSE(upload.Start(StartOf(NewUuid(), "", parent)).has_value());
    EXPECT_THAT(Ended{upload.End()}, Fails(StatusCode::NOT_FOUND, "NOT_FOUND")) << parent;
  }
  Upload reader(As(v1::ROLE_READER, kHackney));
  EXPECT_FALSE(reader.Start(StartOf(NewUuid())).has_value());
  EXPECT_THAT(Ended{reader.End()}, Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
}

TEST_F(UploadTest, ARevokedTokenEndsAnOpenStream) {
  const Client client = As(v1::ROLE_SUBMITTER, kHackney);
  const std::string token = client.Call(&Access::GetCaller, "").reply.name();
  Upload upload(client);
  ASSERT_TRUE(upload.Start(StartOf(NewUuid(), "mode: VALID_LINES")).has_value());
  ASSERT_TRUE(upload.Chunk(0, Lines(1, "A")).has_value());
  ASSERT_THAT(
      steward_.Call(&Access::RevokeToken, absl::StrCat("name: '", token, "' request_id: '$uuid'")),
      Succeeds());
  EXPECT_FALSE(upload.Chunk(1, Lines(1, "B")).has_value());
  const auto code = upload.End().error_code();
  EXPECT_TRUE(code == StatusCode::UNAUTHENTICATED || code == StatusCode::CANCELLED) << code;
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);

  // Also one that says nothing.
  const Client idle = As(v1::ROLE_SUBMITTER, kHackney);
  const std::string other = idle.Call(&Access::GetCaller, "").reply.name();
  Upload silent(idle);
  ASSERT_TRUE(silent.Start(StartOf(NewUuid())).has_value());
  steward_.Call(&Access::RevokeToken, absl::StrCat("name: '", other, "' request_id: '$uuid'"));
  EXPECT_FALSE(silent.Read().has_value());
  EXPECT_EQ(silent.End().error_code(), StatusCode::CANCELLED);
}

}  // namespace
}  // namespace steelyard::contract
