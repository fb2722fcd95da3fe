#include "storage/codec/negotiation_codec.h"

#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"

namespace steelyard::codec {
namespace {

using model::CouncilNo;

void PutCouncils(ByteWriter& w, const std::vector<CouncilNo>& councils) {
  w.Varint(councils.size());
  for (const CouncilNo council : councils) w.Varint(council.value);
}

CouncilNo GetCouncil(ByteReader& r) { return CouncilNo{static_cast<uint16_t>(r.Varint())}; }

// Reads a count and then as many elements, as long as there are bytes.
template <typename T, typename Get>
std::vector<T> GetList(ByteReader& r, Get get) {
  std::vector<T> list;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) list.push_back(get(r));
  return list;
}

int32_t GetSmall(ByteReader& r) { return static_cast<int32_t>(r.Varint()); }

model::Month GetMonth(ByteReader& r) { return model::Month{static_cast<int16_t>(r.Varint())}; }

void Put(ByteWriter& w, const model::Position& p) {
  w.Varint(static_cast<uint64_t>(p.number)).Text(p.text).Varint(p.proposed_by.value);
  PutCouncils(w, p.endorsed_by);
}

model::Position GetPosition(ByteReader& r) {
  model::Position p;
  p.number = GetSmall(r);
  p.text = r.Text();
  p.proposed_by = GetCouncil(r);
  p.endorsed_by = GetList<CouncilNo>(r, GetCouncil);
  return p;
}

void Put(ByteWriter& w, const model::ProviderReply& reply) {
  w.Signed(reply.send_unix_micros).Signed(reply.due_unix_micros).Signed(reply.reply_unix_micros);
  w.Text(reply.text).Signed(reply.edition).Varint(reply.positions.size());
  for (const int32_t number : reply.positions) w.Varint(static_cast<uint64_t>(number));
  w.Varint(reply.revision).Text(reply.draft_sha256);
}

model::ProviderReply GetReply(ByteReader& r) {
  model::ProviderReply reply;
  reply.send_unix_micros = r.Signed();
  reply.due_unix_micros = r.Signed();
  reply.reply_unix_micros = r.Signed();
  reply.text = r.Text();
  reply.edition = r.Signed();
  reply.positions = GetList<int32_t>(r, GetSmall);
  reply.revision = static_cast<uint32_t>(r.Varint());
  reply.draft_sha256 = r.Text();
  return reply;
}

void Put(ByteWriter& w, const model::ReleasedPack& pack) {
  w.Varint(static_cast<uint64_t>(pack.number)).Signed(pack.release_unix_micros);
  w.Signed(pack.edition).Text(pack.content_sha256).Varint(pack.revision);
  PutCouncils(w, pack.submitted_by);
}

model::ReleasedPack GetPack(ByteReader& r) {
  model::ReleasedPack pack;
  pack.number = GetSmall(r);
  pack.release_unix_micros = r.Signed();
  pack.edition = r.Signed();
  pack.content_sha256 = r.Text();
  pack.revision = static_cast<uint32_t>(r.Varint());
  pack.submitted_by = GetList<CouncilNo>(r, GetCouncil);
  return pack;
}

}  // namespace

std::string EncodeNegotiation(const model::Negotiation& n) {
  ByteWriter w;
  w.Text(n.id).Signed(n.create_unix_micros).Signed(n.update_unix_micros);
  w.Varint(n.provider.value).Text(n.title).Varint(n.services.size());
  for (const model::Service service : n.services) w.Varint(static_cast<uint64_t>(service));
  w.Varint(static_cast<uint64_t>(n.from_quarter.number));
  w.Varint(static_cast<uint64_t>(n.to_quarter.number));
  w.Varint(static_cast<uint64_t>(n.quorum)).Varint(n.link_authority.value);
  w.Varint(static_cast<uint64_t>(n.state)).Varint(n.members.size());
  for (const model::Consent& m : n.members) {
    w.Varint(m.council.value).Signed(m.consent_unix_micros).Signed(m.withdraw_unix_micros);
  }
  w.Varint(n.positions.size());
  for (const model::Position& p : n.positions) Put(w, p);
  w.Varint(n.reply ? 1 : 0);
  if (n.reply) Put(w, *n.reply);
  w.Varint(n.packs.size());
  for (const model::ReleasedPack& pack : n.packs) Put(w, pack);
  w.Varint(n.sent_sums.size());
  for (const std::vector<CouncilNo>& councils : n.sent_sums) PutCouncils(w, councils);
  w.Text(n.pack_bytes);
  return std::move(w).str();
}

absl::StatusOr<model::Negotiation> DecodeNegotiation(std::string_view bytes) {
  ByteReader r(bytes);
  model::Negotiation n;
  n.id = r.Text();
  n.create_unix_micros = r.Signed();
  n.update_unix_micros = r.Signed();
  n.provider.value = static_cast<uint32_t>(r.Varint());
  n.title = r.Text();
  n.services = GetList<model::Service>(
      r, [](ByteReader& from) { return static_cast<model::Service>(from.Varint()); });
  n.from_quarter = GetMonth(r);
  n.to_quarter = GetMonth(r);
  n.quorum = GetSmall(r);
  n.link_authority = GetCouncil(r);
  n.state = static_cast<model::NegotiationState>(r.Varint());
  n.members = GetList<model::Consent>(r, [](ByteReader& from) {
    model::Consent m;
    m.council = GetCouncil(from);
    m.consent_unix_micros = from.Signed();
    m.withdraw_unix_micros = from.Signed();
    return m;
  });
  n.positions = GetList<model::Position>(r, GetPosition);
  const uint64_t replies = r.Varint();
  if (replies == 1) n.reply = GetReply(r);
  n.packs = GetList<model::ReleasedPack>(r, GetPack);
  n.sent_sums = GetList<std::vector<CouncilNo>>(
      r, [](ByteReader& from) { return GetList<CouncilNo>(from, GetCouncil); });
  n.pack_bytes = r.Text();
  if (!r.Finished() || replies > 1) return absl::DataLossError("damaged negotiation document");
  return n;
}

}  // namespace steelyard::codec
