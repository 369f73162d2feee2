#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "nib/training.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// FNV-1a over the little-endian bytes: a short name for a long order.
std::uint64_t fingerprint(const std::vector<std::uint32_t>& order) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint32_t index : order) {
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((index >> shift) & 0xffu)) * 0x100000001b3u;
  }
  return hash;
}

TEST(ShuffledOrder, IsTheSameOnEveryPlatform) {
  // An implementation in Python, written apart from this one, gives these.
  EXPECT_THAT(shuffled_order(0, 1, 10), ElementsAre(8, 4, 9, 3, 0, 2, 1, 5, 6, 7));
  EXPECT_THAT(shuffled_order(0, 2, 10), ElementsAre(6, 2, 0, 7, 5, 9, 8, 4, 1, 3));
  EXPECT_THAT(shuffled_order(0xfedcba9876543210u, 1, 10), ElementsAre(9, 3, 4, 6, 5, 1, 8, 7, 0, 2));
  EXPECT_EQ(fingerprint(shuffled_order(0, 1, 54000)), 15410362004500345941u);
}

TEST(ShuffledOrder, HoldsEveryIndexOnce) {
  for (const std::uint32_t count : {2u, 3u, 7u, 128u, 54000u}) {
    std::vector<std::uint32_t> order = shuffled_order(5, 3, count);
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0u);
    EXPECT_EQ(order, all) << count;
  }
}

TEST(ShuffledOrder, OfNoneOrOneIsTrivial) {
  EXPECT_THAT(shuffled_order(0, 1, 0), IsEmpty());
  EXPECT_THAT(shuffled_order(0, 1, 1), ElementsAre(0));
}

TEST(ShuffledOrder, DependsOnSeedAndEpoch) {
  const auto order = shuffled_order(0, 1, 100);
  EXPECT_NE(order, shuffled_order(1, 1, 100));
  EXPECT_NE(order, shuffled_order(std::uint64_t{1} << 32, 1, 100));
  EXPECT_NE(order, shuffled_order(0, 2, 100));
}

/// Chi-squared of where each of 5 indices goes over many epochs: 16 degrees of freedom, 99.99 % of fair shuffles stay
/// below 44.
TEST(ShuffledOrder, SendsEveryIndexEverywhereAlike) {
  constexpr std::uint32_t count = 5, epochs = 20000;
  std::array<std::array<double, count>, count> seen{};
  for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch) {
    const auto order = shuffled_order(7, epoch, count);
    for (std::uint32_t place = 0; place < count; ++place) ++seen[place][order[place]];
  }
  constexpr double expected = double{epochs} / count;
  double chi_squared = 0;
  for (const auto& row : seen) {
    for (const double times : row) chi_squared += (times - expected) * (times - expected) / expected;
  }
  EXPECT_LT(chi_squared, 44.0);
}

}  // namespace
}  // namespace nib
