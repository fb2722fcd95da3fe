#include "client/demo/councils.h"

#include <algorithm>
#include <array>

#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

// Ids of the shipped register: councils that lived from 2019 to now.
constexpr std::string_view kCounties =
    "cam dby dev ess esx gls ham hrt ken lan lec lin nfk ntt oxf sfk sry sts war wor wsx";
constexpr std::string_view kMetropolitan =
    "bir bns bol brd bur cld cov dnc dud gat kir kwl lds liv man net nty old rch rot saw "
    "sft shf shn skp slf snd sol sty tam trf wgn wkf wll wlv wrl";
constexpr std::string_view kLondon =
    "bdg ben bex bne bry cmd cry eal enf gre hav hck hil hmf hns hrw hry isl kec ktt lbh "
    "lew lnd mrt nwm rdb ric stn swk twh wft wnd wsm";
constexpr std::string_view kUnitary =
    "bas bbd bdf bnh bpl brc bst cbf che chw con dal der dur ery hal hef hpl ios iow khl "
    "lce lut mdb mdw mik nbl nel ngm nln nsm ply por pte rcc rdg rut sgc shr slg sos ste "
    "sth stt swd tfw thr tob wbk wil wnm wok wrt yor";
constexpr std::string_view kScottish =
    "abd abe agb ans clk dgy dnd eay edh edu eln els erw fal fif glg hld ivc mln mry nay "
    "nlk ork pkn rfw say scb slk stg wdu wln zet";
constexpr std::string_view kWelsh =
    "agy bge bgw cay cgn cmn crf cwy den fln gwn mon mty ntl nwp pem pow rct swa tof vgl "
    "wrx";
constexpr std::string_view kNorthernIrish = "abc and ann bfs ccg drs fmo lbc mea mul nmd";
constexpr std::string_view kDistricts =
    "adu amb aru asf ash bab bae bai ban bla bos bot bra bre brm bro brt brw brx bun cab "
    "can cas cat cha chi chl cho chr chs cht col cot crw dac dar deb dov eas eat eca ede "
    "eha ehe eli elm epp eps ere est exe far fen foe fyl ged glo gos gra grt gry haa hao "
    "har has hat her hig hin hor hun hyn ips kin lac lee lic lif mai mal mas mav mde mel "
    "mol mss msu nde nea nec ned new nhe nke nno now nun nwa nwl oad oxo pen pre red rei "
    "rib roc roh ros rug ruh run rus sal sca sde sev sha she sho ske sno sox spe sri sst "
    "sta stf sto str stv sur swl tan taw tei ten tes tew tha the ton tor tun utt val wae "
    "wat waw wde wea wew win wla wli woc woi wot wox wyc wye wyr";

struct Kind {
  std::string_view ids;
  double size;        // against a middling council: what it buys
  double takes_part;  // share of them that send anything
  bool childrens_services;
};
constexpr std::array<Kind, 8> kKinds = {{
    {kCounties, 5.0, 0.95, true},
    {kMetropolitan, 3.0, 0.9, true},
    {kLondon, 2.4, 0.85, true},
    {kUnitary, 2.0, 0.85, true},
    {kScottish, 1.6, 0.7, false},
    {kWelsh, 1.4, 0.75, false},
    {kNorthernIrish, 0.8, 0.6, false},
    {kDistricts, 0.35, 0.55, false},
}};

Participation HowItTakesPart(Random& random, double takes_part) {
  if (!random.Chance(takes_part)) return Participation::kNever;
  const double share = random.Share();
  if (share < 0.58) return Participation::kAlways;
  if (share < 0.76) return Participation::kQuarterly;
  if (share < 0.90) return Participation::kSinceSpring2020;
  return Participation::kOneMonth;
}

}  // namespace

std::vector<Council> MakeCouncils(uint64_t seed) {
  std::vector<Council> councils;
  for (const Kind& kind : kKinds) {
    for (size_t at = 0; at < kind.ids.size(); at += 4) {
      Council council;
      council.id = kind.ids.substr(at, 3);
      Random random = Random::For(seed, "council", council.id);
      council.size = kind.size * random.Around(0.45);
      council.childrens_services = kind.childrens_services;
      council.participation = HowItTakesPart(random, kind.takes_part);
      council.only_month = random.Between(14, 17);  // March to June 2020
      // Large buyers do a little better, and some are just good or bad at it.
      council.price_level = random.Around(0.11) * (1.04 - 0.02 * std::min(council.size, 4.0));
      council.records_delivery = random.Chance(0.3) ? 0.25 : 0.92;
      councils.push_back(council);
    }
  }
  // Some parts are cast: the council of the tour in the documentation, those
  // that alone buy some goods, and the one that buys nearly all of one.
  for (Council& council : councils) {
    if (council.id != "ken" && council.id != "man" && council.id != "bst" && council.id != "bir") {
      continue;
    }
    council.participation = Participation::kAlways;
    council.records_delivery = 0.92;
    if (council.id == "ken") council.price_level = 1.12;
  }
  return councils;
}

bool Reports(const Council& council, int month) {
  switch (council.participation) {
    case Participation::kNever:
      return false;
    case Participation::kAlways:
      return true;
    case Participation::kQuarterly:
      return month % 3 == 2;
    case Participation::kSinceSpring2020:
      return month >= 14;
    case Participation::kOneMonth:
      return month == council.only_month;
  }
  return false;
}

}  // namespace steelyard::demo
