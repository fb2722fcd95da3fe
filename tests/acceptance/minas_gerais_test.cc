// Emergency purchases of a Brazilian state: separator ;, decimal comma, every
// cell in quotes, line breaks within cells.

#include <map>
#include <memory>
#include <set>

#include "client/cpp/connection.h"
#include "gtest/gtest.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/acceptance/files.h"
#include "tests/acceptance/sending.h"

namespace steelyard::acceptance {
namespace {

constexpr size_t kLongestName = 200;  // of a register's entry, in bytes

TEST(MinasGeraisTest, ValuesAreRightOrRefusedClearly) {
  if (DataFolder().empty()) {
    GTEST_SKIP() << "the folder ../shared/data with published files is not here";
  }
  const std::string path =
      DataFolder() + "prices_ppe_minas_gerais/compras_emergenciais_covid19_mg_shared.csv";
  const Csv csv(ReadWhole(path), ';');
  ASSERT_EQ(csv.rows(), 362u);

  testing::TestServer server;
  Steward steward(server);
  std::printf("Registers from the file:\n");
  std::string bodies = "id,name,authority_type,area\n";
  std::string items = "id,name,product_class,base_unit,any_pack\n";
  std::string suppliers = "id,name\n";
  std::set<std::string> seen;
  std::set<std::string> too_long;
  int suppliers_seen = 0;
  for (size_t i = 0; i < csv.rows(); ++i) {
    const std::string& body = csv.at(i, "ORGAO_DEMANDANTE");
    const std::string& item = csv.at(i, "ITEM_MATERIAL_SERVICO");
    const std::string& supplier = csv.at(i, "CONTRATADO");
    if (seen.insert("body " + body).second) {
      bodies += IdOf(body) + "," + Quoted(body) + ",state-body,minas-gerais\n";
    }
    if (item.size() > kLongestName) {
      too_long.insert(item);
    } else if (seen.insert("item " + item).second) {
      items += "item-" + csv.at(i, "CODIGO_ITEM_MATERIAL_SERVICO") + "," + Quoted(item) +
               ",emergency,piece,true\n";
    }
    if (supplier != "INEXISTENTE" && seen.insert("supplier " + supplier).second) {
      suppliers += "fornecedor-" + std::to_string(++suppliers_seen) + "," + Quoted(supplier) + "\n";
    }
  }
  steward.Load(
      v1::LoadRegisterRequest::AREAS,
      "id,name,kind,parent\nbrazil,Brazil,country,\nminas-gerais,Minas Gerais,region,brazil\n");
  steward.Load(v1::LoadRegisterRequest::COUNCILS, bodies);
  steward.Load(v1::LoadRegisterRequest::PRODUCTS, items);
  steward.Load(v1::LoadRegisterRequest::SUPPLIERS, suppliers);

  const Sent sent = steward.Send(path, "minas-gerais", "councils/-");
  sent.Print("Minas Gerais, emergency purchases");
  EXPECT_EQ(sent.lines.size(), csv.rows());
  EXPECT_EQ(sent.accepted() + sent.rejected(), 362);
  EXPECT_GT(sent.accepted(), 150);

  // Every line that was taken, read back as its body, against the file.
  std::map<int64_t, size_t> row_of_line;
  for (size_t i = 0; i < csv.rows(); ++i) row_of_line[csv.line(i)] = i;
  std::map<std::string, std::unique_ptr<client::Connection>> readers;
  int right = 0;
  for (const importing::ImportedLine& line : sent.lines) {
    ASSERT_TRUE(row_of_line.contains(line.row));
    const size_t i = row_of_line[line.row];
    if (csv.at(i, "ITEM_MATERIAL_SERVICO").size() > kLongestName ||
        csv.at(i, "QUANTIDADE_HOMOLOGADA") == "0") {
      EXPECT_TRUE(sent.rejected_rows.contains(line.row)) << line.row;
    }
    if (sent.rejected_rows.contains(line.row)) continue;
    const std::string body = IdOf(csv.at(i, "ORGAO_DEMANDANTE"));
    auto& reader = readers[body];
    if (reader == nullptr) {
      reader = std::make_unique<client::Connection>(
          server.channel(), client::ConnectionOptions{
                                .address = server.address(),
                                .token = server.MakeToken(v1::ROLE_READER, "councils/" + body)});
    }
    v1::ListPurchasesRequest request;
    request.set_parent("councils/" + body);
    request.set_page_size(500);
    const auto listed = reader->Call(&v1::PurchaseService::Stub::ListPurchases, request);
    ASSERT_TRUE(listed.ok()) << listed.status();
    const std::string reference = csv.at(i, "NUMERO_PROCESSO_COMPRA") + "/" +
                                  csv.at(i, "NUMERO_CONTRATO") + "/" +
                                  csv.at(i, "CODIGO_ITEM_MATERIAL_SERVICO");
    const auto found =
        std::find_if(listed->purchases().begin(), listed->purchases().end(),
                     [&](const v1::Purchase& p) { return p.reference() == reference; });
    ASSERT_NE(found, listed->purchases().end()) << reference;
    EXPECT_EQ(found->pack_price_micros(), Micros(csv.at(i, "VALOR_HOMOLOGADO_UNITARIO"), true));
    EXPECT_EQ(found->packs() * 1'000'000, Micros(csv.at(i, "QUANTIDADE_HOMOLOGADA"), true));
    EXPECT_EQ(found->pack_content(), 1);
    EXPECT_EQ(found->currency_code(), "BRL");
    const std::string& published = csv.at(i, "DATA_PUBLICACAO");
    const std::string& day =
        published == "NA" ? csv.at(i, "DATA_CADASTRAMENTO_PROCESSO") : published;
    char date[16];
    std::snprintf(date, sizeof date, "%04d-%02d-%02d", found->order_date().year(),
                  found->order_date().month(), found->order_date().day());
    EXPECT_EQ(date, day);
    ++right;
  }
  std::printf("  %d lines read back equal the file; %zu items have names too long to register\n",
              right, too_long.size());
  EXPECT_EQ(right, sent.accepted());

  // Three lines checked by hand.
  struct {
    const char* reference;
    int64_t packs, price;
    int year, month, day;
  } by_hand[] = {
      {"0250073 000004/2020/9246002/11754", 40, 450'000, 2020, 4, 28},      // "0,45"
      {"1321151 000061/2020/0/1687670", 20'000'000, 700'000, 2020, 9, 15},  // "2e+07", no date
      {"2012194 000003/2020/0/1540416", 1, 902'000'000, 2020, 5, 6},
  };
  for (const auto& expected : by_hand) {
    int seen_lines = 0;
    for (const importing::ImportedLine& line : sent.lines) {
      if (line.purchase.reference() != expected.reference) continue;
      ++seen_lines;
      EXPECT_EQ(line.purchase.packs(), expected.packs);
      EXPECT_EQ(line.purchase.pack_price_micros(), expected.price);
      EXPECT_EQ(line.purchase.order_date().year(), expected.year);
      EXPECT_EQ(line.purchase.order_date().month(), expected.month);
      EXPECT_EQ(line.purchase.order_date().day(), expected.day);
    }
    EXPECT_GE(seen_lines, 1) << expected.reference;
  }
}

}  // namespace
}  // namespace steelyard::acceptance
