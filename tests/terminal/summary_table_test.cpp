#include "terminal/summary_table.h"

#include <gmock/gmock.h>

#include <regex>
#include <sstream>
#include <string>

#include "golden_text.h"
#include "model/network_json.h"
#include "terminal/text_layout.h"
#include "tests/places.h"

namespace nib {
namespace {

using testing::HasSubstr;

struct KerasSummary {
  const char* network;
  unsigned columns;
};

class SummaryTable : public testing::TestWithParam<KerasSummary> {};

/// Without the lines under it.
std::string table_of(const std::string& summary) { return summary.substr(0, summary.find(" Total params")); }

TEST_P(SummaryTable, IsThatOfKeras) {
  const auto& [name, columns] = GetParam();
  const std::string golden = golden_text("summary_" + std::string(name) + "_" + std::to_string(columns) + ".txt");
  const Network network = load_network(NIB_GOLDEN "/networks/" + std::string(name) + ".json");
  const std::string summary = summary_table(network, {.utf8 = true, .columns = columns});
  EXPECT_EQ(summary, golden);
}

INSTANTIATE_TEST_SUITE_P(Networks, SummaryTable,
                         testing::Values(KerasSummary{"digits", 80}, KerasSummary{"digits", 120},
                                         KerasSummary{"digits", 44}, KerasSummary{"digits", 30},
                                         KerasSummary{"dropout", 80}, KerasSummary{"deep", 50}),
                         [](const auto& one) {
                           return std::string(one.param.network) + "In" + std::to_string(one.param.columns) + "Columns";
                         });

TEST(SummaryTable, ColourChangesNothingButTheColour) {
  const std::string plain = summary_table(digits_network(), {.utf8 = true, .columns = 44});
  const std::string coloured = summary_table(digits_network(), {.colour = true, .utf8 = true, .columns = 44});
  EXPECT_EQ(std::regex_replace(coloured, std::regex("\x1b\\[[0-9;]*m"), ""), plain);
  EXPECT_THAT(coloured, HasSubstr("conv2d (\x1b[38;5;33mConv2D\x1b[0m)"));
  EXPECT_THAT(coloured, HasSubstr("(\x1b[38;5;45mNone\x1b[0m, \x1b[38;5;34m26\x1b[0m,"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[1m Total params: \x1b[0m\x1b[38;5;34m225,034\x1b[0m (879.04 KB)\n"));
}

TEST(SummaryTable, FallsBackToAsciiWithEveryLineEquallyWide) {
  const std::string summary = summary_table(digits_network(), {.columns = 30});
  std::istringstream lines(table_of(summary));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "Model: \"sequential\"");
  while (std::getline(lines, line)) {
    EXPECT_EQ(line.size(), 26U) << line;
    EXPECT_THAT(line, testing::MatchesRegex("[ -~]*"));
  }
  EXPECT_THAT(summary, HasSubstr("+==========+=======+=====+"));
  EXPECT_THAT(summary, HasSubstr("| max_p... |"));
}

TEST(SummaryTable, StopsShrinkingWhereNothingReadableWouldBeLeft) {
  EXPECT_EQ(summary_table(digits_network(), {.utf8 = true, .columns = 1}),
            summary_table(digits_network(), {.utf8 = true, .columns = 24}));
}

}  // namespace
}  // namespace nib
