#include "pictures/axis.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace nib {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pointwise;

TEST(Axis, MapsNumbersToPlaces) {
  const Axis axis{.low = 0.5, .high = 1, .begin = 200, .end = 100};
  EXPECT_DOUBLE_EQ(axis(0.5), 200);
  EXPECT_DOUBLE_EQ(axis(0.75), 150);
}

TEST(Ticks, AreRoundNumbersInTheRange) {
  EXPECT_THAT(ticks(0.93, 0.991, 5), Pointwise(DoubleNear(1e-12), std::vector{0.94, 0.96, 0.98}));
  EXPECT_THAT(ticks(0, 1, 5), Pointwise(DoubleNear(1e-12), std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1}));
  EXPECT_THAT(ticks(0, 2300, 5), ElementsAre(0, 500, 1000, 1500, 2000));
}

TEST(Ticks, AreFewInAnyRange) {
  const double exponents[] = {-300, -17, -3, 0, 3, 17, 300};
  for (const double exponent : exponents)
    for (const double share : {1e-15, 3e-10, 2e-9, 1e-3, 0.5, 2.0}) {
      const double low = std::pow(10.0, exponent), high = low * (1 + share);
      const std::vector<double> found = ticks(low, high, 5);
      EXPECT_LE(found.size(), 6U);
      EXPECT_EQ(found.empty(), share < finest_range) << low << ' ' << share;
    }
}

TEST(Ticks, AreNoneWhereNoAxisCanBe) {
  constexpr double huge = std::numeric_limits<double>::max(), infinite = std::numeric_limits<double>::infinity();
  EXPECT_THAT(ticks(1e17, 1e17 + 16, 5), IsEmpty());  // neighbours among doubles: counting up by less never ends
  EXPECT_THAT(ticks(0, 0, 5), IsEmpty());
  EXPECT_THAT(ticks(1, 0, 5), IsEmpty());
  EXPECT_THAT(ticks(-huge, huge, 5), IsEmpty());
  EXPECT_THAT(ticks(0, infinite, 5), IsEmpty());
  EXPECT_THAT(ticks(std::nan(""), 1, 5), IsEmpty());
}

TEST(Ticks, HaveAsManyDigitsAsTheirStepNeeds) {
  EXPECT_THAT(tick_labels({5e5, 1e6}), ElementsAre("5e+05", "1e+06"));
  EXPECT_THAT(tick_labels({1.00001e17, 1.00002e17}), ElementsAre("1.00001e+17", "1.00002e+17"));
  EXPECT_THAT(tick_labels({0, 2e-7}), ElementsAre("0", "2e-07"));
  EXPECT_THAT(tick_labels({3}), ElementsAre("3"));
  EXPECT_THAT(tick_labels({}), IsEmpty());
}

TEST(Ticks, HaveAsManyDecimalsAsTheirStepNeeds) {
  EXPECT_THAT(tick_labels({0.94, 0.96, 0.98}), ElementsAre("0.94", "0.96", "0.98"));
  EXPECT_THAT(tick_labels({0, 0.2, 0.4}), ElementsAre("0.0", "0.2", "0.4"));
  EXPECT_THAT(tick_labels({0, 500}), ElementsAre("0", "500"));
}

TEST(WholeTicks, EndAtTheLastNumberThereIs) {
  EXPECT_THAT(whole_ticks(1, std::numeric_limits<std::uint32_t>::max(), 10),
              ElementsAre(500'000'000, 1'000'000'000, 1'500'000'000, 2'000'000'000, 2'500'000'000, 3'000'000'000,
                          3'500'000'000, 4'000'000'000));
}

TEST(WholeTicks, AreWholeEpochsOfAnyRun) {
  EXPECT_THAT(whole_ticks(1, 1, 10), ElementsAre(1));
  EXPECT_THAT(whole_ticks(1, 5, 10), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(whole_ticks(1, 12, 10), ElementsAre(2, 4, 6, 8, 10, 12));
  EXPECT_THAT(whole_ticks(1, 100, 10), ElementsAre(20, 40, 60, 80, 100));
  for (std::uint32_t last = 1; last < 3000; ++last) {
    const std::size_t count = whole_ticks(1, last, 10).size();
    ASSERT_GE(count, 1u) << last;
    ASSERT_LE(count, 11u) << last;
  }
}

}  // namespace
}  // namespace nib
