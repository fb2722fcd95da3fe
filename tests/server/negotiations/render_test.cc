#include "server/negotiations/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

#include "absl/strings/str_replace.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_layout.h"
#include "server/negotiations/svg_charts.h"
#include "tests/server/negotiations/sample_pack.h"
#include "tests/support/temp_dir.h"

namespace steelyard::negotiations {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "<script>alert(1)</script>\"'&| =cmd|'/c calc'!A0 [x](javascript:y)";

PackDocument DocumentOf(const v1::Pack& pack) { return Layout(pack, SampleName); }

// The pack with hostile words wherever somebody's words stand.
v1::Pack HostilePack() {
  v1::Pack pack = FullPack();
  pack.mutable_negotiation()->set_title(kHostile);
  pack.mutable_negotiation()->mutable_positions(0)->set_text(kHostile);
  pack.mutable_negotiation()->mutable_reply()->set_text(std::string("=1+1\n") + kHostile);
  pack.set_provider_display_name(kHostile);
  pack.mutable_services(0)->set_display_name(kHostile);
  pack.mutable_top_spenders()->mutable_spenders(0)->set_council_display_name("=HYPERLINK(1)");
  pack.mutable_services(0)
      ->mutable_benchmark()
      ->mutable_whole()
      ->mutable_figures()
      ->mutable_measures(0)
      ->set_display_name(kHostile);
  pack.mutable_services(0)
      ->mutable_benchmark()
      ->mutable_whole()
      ->mutable_figures()
      ->mutable_measures(0)
      ->mutable_status()
      ->set_meaning(kHostile);
  return pack;
}

size_t CountOfText(const std::string& in, const std::string& text) {
  size_t count = 0;
  for (size_t at = in.find(text); at != in.npos; at = in.find(text, at + 1)) ++count;
  return count;
}

TEST(RenderHtmlTest, IsOnePageThatNeedsNothingElse) {
  const std::string html = RenderHtml(DocumentOf(FullPack()));
  EXPECT_EQ(html.rfind("<!DOCTYPE html>", 0), 0u);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("href=")));
  EXPECT_THAT(html, HasSubstr("size: A4"));
  EXPECT_THAT(html, HasSubstr("lang=\"en-GB\""));
}

// A table of a measure each column would run off the page otherwise.
TEST(RenderHtmlTest, ATableOfManyColumnsIsSetSmallerAndMayBreakItsCells) {
  PackDocument document;
  document.sections.emplace_back().heading = "Scores";
  PackTable table;
  table.caption = "Seven";
  table.columns.resize(7);
  document.sections[0].blocks.emplace_back(table);
  EXPECT_EQ(CountOfText(RenderHtml(document), "class=\"scroll keep wide\""), 0u);
  table.columns.resize(8);
  document.sections[0].blocks.emplace_back(table);
  EXPECT_EQ(CountOfText(RenderHtml(document), "class=\"scroll keep wide\""), 1u);
}

TEST(RenderHtmlTest, EveryTableHasACaptionAndScopedHeadings) {
  const std::string html = RenderHtml(DocumentOf(FullPack()));
  const size_t tables = CountOfText(html, "<table>");
  EXPECT_GT(tables, 15u);
  EXPECT_EQ(CountOfText(html, "<caption>"), tables);
  EXPECT_EQ(CountOfText(html, "<th "), CountOfText(html, "<th scope="));
  const size_t charts = CountOfText(html, "<svg ");
  EXPECT_EQ(charts, 8u);  // shares, scores and two trends for each of two services
  EXPECT_EQ(CountOfText(html, "role=\"img\""), charts);
  EXPECT_EQ(CountOfText(html, "<desc "), charts);
  // A table follows each chart.
  for (size_t at = html.find("</figure>"); at != html.npos; at = html.find("</figure>", at + 1)) {
    EXPECT_EQ(html.find("<table>", at), html.find("<table>", html.find("<div", at)));
    EXPECT_LT(html.find("<table>", at), html.find("<h2>", at));
  }
}

TEST(RenderHtmlTest, HostileTextStaysText) {
  const std::string html = RenderHtml(DocumentOf(HostilePack()));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  EXPECT_EQ(EscapeHtml(std::string("a\0\x01\x1b<b", 6)), "a&lt;b");
}

TEST(RenderHtmlTest, ADraftIsMarkedAndAReleasedPackIsNot) {
  const std::string draft = RenderHtml(DocumentOf(DraftPack()));
  EXPECT_THAT(draft, HasSubstr("<body class=\"draft\">"));
  EXPECT_THAT(draft, HasSubstr("DRAFT, not released"));
  EXPECT_THAT(draft, HasSubstr("The provider may reply until 16 February 2026, 02:40 UTC"));
  EXPECT_THAT(draft, HasSubstr("It has not replied so far."));
  const std::string released = RenderHtml(DocumentOf(FullPack()));
  EXPECT_THAT(released, Not(HasSubstr("DRAFT")));
  EXPECT_THAT(released, HasSubstr("Pack 2"));
}

TEST(RenderHtmlTest, TheReplyStandsWordForWord) {
  const std::string html = RenderHtml(DocumentOf(FullPack()));
  const std::string reply = FullPack().negotiation().reply().text();
  EXPECT_THAT(html, HasSubstr("<blockquote>We thank the councils for this draft.\n\nOur costs"));
  EXPECT_THAT(html, HasSubstr("six in Durham, four in Leeds.</blockquote>"));
  EXPECT_THAT(RenderCsv(DocumentOf(FullPack())), HasSubstr(reply));
}

TEST(RenderTest, StatusWordsComeWithSchemeThresholdAndMeaning) {
  for (auto render : {RenderHtml, RenderMarkdown, RenderCsv}) {
    const std::string text = render(DocumentOf(FullPack()));
    EXPECT_THAT(text, HasSubstr("above expected"));
    EXPECT_THAT(text, HasSubstr("funnel-95-998"));
    EXPECT_THAT(text, HasSubstr("Beside the 95 % and 99.8 % limits of the funnel."));
    EXPECT_THAT(text, HasSubstr("It does not say why."));
    EXPECT_THAT(text, HasSubstr("Something changed; it is not the usual variation."));
  }
}

TEST(RenderTest, BeginsWithAFewSentencesThatHaveTheirReceipts) {
  const std::string markdown = RenderMarkdown(DocumentOf(FullPack()));
  EXPECT_LT(markdown.find("## In short"), markdown.find("## What the councils ask for"));
  EXPECT_THAT(markdown, HasSubstr("**Children's homes**\n\n* Mean weekly fee £"));
  EXPECT_THAT(markdown, HasSubstr("\n\nReceipt R2; all providers: R3.\n"));
  EXPECT_THAT(RenderCsv(DocumentOf(FullPack())),
              HasSubstr("Pack 2,In short,,Children's homes,Note,,\"Mean weekly fee £"));
  EXPECT_THAT(RenderHtml(DocumentOf(FullPack())), HasSubstr("<li>Mean weekly fee £"));
  EXPECT_THAT(RenderMarkdown(DocumentOf(EmptyPack())), Not(HasSubstr("In short")));
}

// The word for a signal is long; a letter stands in the cell.
TEST(RenderTest, AQuarterThatBreaksARuleOfItsChartIsMarked) {
  const PackDocument document = DocumentOf(FullPack());
  EXPECT_THAT(RenderMarkdown(document), HasSubstr(" LT |"));
  EXPECT_THAT(RenderHtml(document), HasSubstr("L outside the limits, S one of seven or more"));
  EXPECT_THAT(RenderCsv(document), HasSubstr(", signals\",\"outside-limits, trend\""));
}

TEST(RenderTest, WhatCannotBeShownIsSaidInWords) {
  for (auto render : {RenderHtml, RenderMarkdown, RenderCsv}) {
    const std::string text = render(DocumentOf(EmptyPack()));
    EXPECT_THAT(text, HasSubstr("Nothing can be shown: too few councils reported"));
    EXPECT_THAT(text, HasSubstr("No position stands here: each needs the endorsement of 5"));
    EXPECT_THAT(text, HasSubstr("has not been sent this draft yet"));
    EXPECT_THAT(text, HasSubstr("No published payment to the provider is known"));
    EXPECT_THAT(text, HasSubstr("No register of establishments"));
    EXPECT_THAT(text, Not(HasSubstr("nan")));
  }
  const std::string draft = RenderMarkdown(DocumentOf(DraftPack()));
  EXPECT_THAT(draft, HasSubstr("The nearest that can is 2022 Q1 to 2025 Q4."));
  EXPECT_THAT(draft, HasSubstr("| Weekly fee, 10th percentile of reports | not shown | £3,410 |"));
}

TEST(RenderTest, AllThreeHoldTheSameFigures) {
  const PackDocument document = DocumentOf(FullPack());
  const std::string html =
      absl::StrReplaceAll(RenderHtml(document), {{"&nbsp;%", " %"}, {"&nbsp;km", " km"}});
  const std::string markdown = RenderMarkdown(document);
  const std::string csv = RenderCsv(document);
  size_t figures = 0;
  for (const PackSection& section : document.sections) {
    for (const PackBlock& block : section.blocks) {
      const auto* table = std::get_if<PackTable>(&block);
      if (table == nullptr) continue;
      for (const auto& row : table->rows) {
        EXPECT_EQ(row.size(), table->columns.size()) << table->caption;
        for (size_t i = 1; i < row.size(); ++i) {
          ++figures;
          EXPECT_THAT(html, HasSubstr(EscapeHtml(row[i].text)));
          EXPECT_THAT(csv, HasSubstr(row[i].raw));
        }
      }
    }
  }
  EXPECT_GT(figures, 400u);
  EXPECT_THAT(markdown, HasSubstr("| Birmingham | 1 | £21,000,000 |"));
  EXPECT_THAT(csv,
              HasSubstr(",Birmingham,Published,21000000.00,\"£21,000,000\",R4,412,spend-1,3,"));
}

TEST(RenderCsvTest, NoCellIsAFormula) {
  const std::string csv = RenderCsv(DocumentOf(HostilePack()));
  EXPECT_THAT(csv, HasSubstr("'=HYPERLINK(1)"));
  EXPECT_THAT(csv, HasSubstr("\"'=1+1\n"));
  for (const char* text : {"\tx", "\rx", "@x", "+x", "-x", "=x", "-1-2", "-."}) {
    PackDocument document;
    document.title = text;
    EXPECT_THAT(RenderCsv(document), HasSubstr("'" + std::string(text))) << text;
  }
  PackDocument document;
  document.title = "-12.50";
  EXPECT_THAT(RenderCsv(document), HasSubstr(",Title,-12.50,-12.50,"));
  const std::regex formula("(^|,)\"?[=+@\t]");
  EXPECT_FALSE(std::regex_search(csv, formula));
}

TEST(RenderMarkdownTest, HostileTextStaysText) {
  const std::string markdown = RenderMarkdown(DocumentOf(HostilePack()));
  EXPECT_THAT(markdown, Not(HasSubstr("<script")));
  EXPECT_THAT(markdown, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(markdown, HasSubstr("\\[x\\](javascript:y)"));
  // A bar in a cell would shift the columns.
  EXPECT_THAT(markdown, HasSubstr("=cmd\\|"));
}

TEST(FigureWordsTest, FiguresReadAsPeopleWriteThem) {
  EXPECT_EQ(PoundWords(1'234'567'890'000), "£1,234,568");
  EXPECT_EQ(PoundWords(-1'500'000), "-£2");
  EXPECT_EQ(PoundWords(-400'000), "£0");
  EXPECT_EQ(RawPounds(1'234'567'890), "1234.56789");
  EXPECT_EQ(RawPounds(-5'000'000), "-5.00");
  EXPECT_EQ(CountWords(-1'234), "-1,234");
  EXPECT_EQ(PercentWords(0.12345), "12.3 %");
  EXPECT_EQ(RawNumber(0.5), "0.5");
  EXPECT_EQ(RawNumber(3), "3");
  EXPECT_EQ(RawNumber(-0.0000001), "0");
}

// Files to look at: in the folder that STEELYARD_PACK_SAMPLES names, or in one
// of the test's own.
TEST(RenderTest, SamplesAreWritten) {
  const testing::TempDir temporary;
  const char* named = std::getenv("STEELYARD_PACK_SAMPLES");
  const std::string folder = named != nullptr ? named : temporary / "";
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream file(folder + "/" + name, std::ios::binary);
    file << bytes;
    EXPECT_TRUE(file.flush().good()) << folder;
  };
  write("full.html", RenderHtml(DocumentOf(FullPack())));
  write("full.md", RenderMarkdown(DocumentOf(FullPack())));
  write("full.csv", RenderCsv(DocumentOf(FullPack())));
  write("draft.html", RenderHtml(DocumentOf(DraftPack())));
  write("empty.html", RenderHtml(DocumentOf(EmptyPack())));
  write("hostile.html", RenderHtml(DocumentOf(HostilePack())));
}

}  // namespace
}  // namespace steelyard::negotiations
