#include "statistics/predictions_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/error.h"

namespace nib {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char* const two_images =
    "index,true,predicted,p0,p1\n"
    "0,1,0,0.75,0.25\n"
    "1,1,1,0.100000001,0.899999976\n";

TEST(PredictionsCsv, HasALineAnImage) {
  EXPECT_EQ(predictions_csv(make_predictions({1, 1}, {.75F, .25F, .1F, .9F}, 2)), two_images);
  EXPECT_EQ(predictions_csv(make_predictions({}, {}, 1)), "index,true,predicted,p0\n");
}

TEST(PredictionsCsv, IsReadBack) {
  const Predictions read = read_predictions_csv(two_images, "two.csv");
  EXPECT_EQ(read.classes, 2U);
  EXPECT_THAT(read.labels, ElementsAre(1, 1));
  EXPECT_THAT(read.predicted, ElementsAre(0, 1));
  EXPECT_THAT(read.probabilities, ElementsAre(.75F, .25F, .1F, .9F));
  EXPECT_THAT(read_predictions_csv("index,true,predicted,p0\n", "none.csv").labels, IsEmpty());
}

TEST(PredictionsCsv, KeepsEveryBitOfTheProbabilities) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> exponent(-103, 0);
  std::vector<float> probabilities = {0, 1, 1e-45F, 1.17549435e-38F, 0x1.fffffep-1F, 0.1F};
  while (probabilities.size() < 3000) probabilities.push_back(std::exp(exponent(random)));
  const Predictions written = make_predictions(std::vector<std::uint8_t>(1000, 2), probabilities, 3);
  EXPECT_EQ(read_predictions_csv(predictions_csv(written), "random.csv").probabilities, probabilities);
}

struct BadTable {
  std::string rows, message;
  std::string header = "index,true,predicted,p0,p1\n";
};

class BadPredictionsCsv : public ::testing::TestWithParam<BadTable> {};

TEST_P(BadPredictionsCsv, IsToldWithItsLineAndColumn) {
  try {
    read_predictions_csv(GetParam().header + GetParam().rows, "bad.csv");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "bad.csv: " + GetParam().message);
    EXPECT_EQ(error.code(), ExitCode::bad_input);
  }
}

const std::string wrong_header =
    "line 1: not the header of predictions (expected index,true,predicted,p0 and so on, got ";

INSTANTIATE_TEST_SUITE_P(
    All, BadPredictionsCsv,
    ::testing::Values(
        BadTable{"", "line 1: ends too early", ""}, BadTable{"", "line 1: ends too early", "index,true,predicted,p0"},
        BadTable{"", wrong_header + "index,true,predicted)", "index,true,predicted\n"},
        BadTable{"", wrong_header + "index,true,predicted,p1)", "index,true,predicted,p1\n"},
        BadTable{"", wrong_header + "index,true,predicted,p0\\x0d)", "index,true,predicted,p0\r\n"},
        BadTable{"0,1,0,0.75,0.25\n1,1", "line 3: ends too early"},
        BadTable{"0,1,0,0.75\n", "line 2: wrong number of columns (expected 5, got 4)"},
        BadTable{"0,1,0,0.75,0.25,\n", "line 2: wrong number of columns (expected 5, got 6)"},
        BadTable{"\n", "line 2: wrong number of columns (expected 5, got 1)"},
        BadTable{"1,1,0,0.75,0.25\n", "line 2, column index: images out of order (expected 0, got 1)"},
        BadTable{"0,1,0,0.75,0.25\n0,1,0,0.75,0.25\n", "line 3, column index: images out of order (expected 1, got 0)"},
        BadTable{"0,2,0,0.75,0.25\n", "line 2, column true: wrong value (expected a whole number from 0 to 1, got 2)"},
        BadTable{"0,-1,0,0.75,0.25\n",
                 "line 2, column true: wrong value (expected a whole number from 0 to 1, got -1)"},
        BadTable{"0,1,2,0.75,0.25\n",
                 "line 2, column predicted: wrong value (expected a whole number from 0 to 1, got 2)"},
        BadTable{"0,1,1,0.75,0.25\n", "line 2, column predicted: not the most likely class (expected 0, got 1)"},
        BadTable{"0,1,1,0.5,0.5\n", "line 2, column predicted: not the most likely class (expected 0, got 1)"},
        BadTable{"0,1,0,1.5,0.25\n", "line 2, column p0: wrong value (expected a number from 0 to 1, got 1.5)"},
        BadTable{"0,1,0,0.75,-0.25\n", "line 2, column p1: wrong value (expected a number from 0 to 1, got -0.25)"},
        BadTable{"0,1,0,nan,0.25\n", "line 2, column p0: wrong value (expected a number from 0 to 1, got nan)"},
        BadTable{"0,1,0,0.75,\x1b\n", "line 2, column p1: wrong value (expected a number from 0 to 1, got \\x1b)"}));

}  // namespace
}  // namespace nib
