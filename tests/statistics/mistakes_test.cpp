#include "statistics/mistakes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace nib {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Predictions five_images = make_predictions({0, 0, 1, 1, 0},
                                                 {.2F, .8F,   // wrong
                                                  .9F, .1F,   // right
                                                  .7F, .3F,   // wrong
                                                  .9F, .1F,   // wrong, the most confident
                                                  .3F, .7F},  // wrong
                                                 2);

TEST(MostConfidentMistakes, ComeFromTheMostConfidentDown) {
  EXPECT_THAT(most_confident_mistakes(five_images, 9), ElementsAre(3, 0, 2, 4));
  EXPECT_THAT(most_confident_mistakes(five_images, 2), ElementsAre(3, 0));
  EXPECT_THAT(most_confident_mistakes(five_images, 0), IsEmpty());
}

TEST(MostConfidentMistakes, AreNoneWhereAllIsRight) {
  EXPECT_THAT(most_confident_mistakes(make_predictions({0, 1}, {1, 0, 0, 1}, 2), 9), IsEmpty());
}

std::vector<std::array<std::uint64_t, 3>> pairs(const std::vector<std::uint64_t>& confusion, std::size_t most) {
  std::vector<std::array<std::uint64_t, 3>> result;
  for (const ConfusedPair& pair : most_confused_pairs(confusion, 3, most))
    result.push_back({pair.label, pair.predicted, pair.count});
  return result;
}

TEST(MostConfusedPairs, ComeFromTheMostFrequentDownInOrderOfTheirClasses) {
  using Pair = std::array<std::uint64_t, 3>;
  const std::vector<std::uint64_t> confusion = {90, 2, 0, 2, 80, 5, 0, 2, 70};
  EXPECT_THAT(pairs(confusion, 9), ElementsAre(Pair{1, 2, 5}, Pair{0, 1, 2}, Pair{1, 0, 2}, Pair{2, 1, 2}));
  EXPECT_THAT(pairs(confusion, 2), ElementsAre(Pair{1, 2, 5}, Pair{0, 1, 2}));
}

TEST(MostConfusedPairs, AreNoneWhereAllIsRight) { EXPECT_THAT(pairs({7, 0, 0, 0, 8, 0, 0, 0, 9}, 9), IsEmpty()); }

}  // namespace
}  // namespace nib
