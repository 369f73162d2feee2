#pragma once

#include <array>
#include <cstdint>

#include "nib/arithmetic/philox.h"

namespace nib::test {

/// Random numbers that belong to one key, as the number of a picture, its kind, and what they are for (no RandomUse of
/// the library): the same wherever and in whatever order pictures are made.
class RandomNumbers {
 public:
  RandomNumbers(std::uint64_t seed, std::array<std::uint32_t, 3> key) : seed_(seed), key_(key) {}

  std::uint32_t word() {
    if (next_ % 4 == 0) block_ = philox4x32_10(seed_, {{next_ / 4, key_[0], key_[1], key_[2]}});
    return block_.word[next_++ % 4];
  }
  float between(float low, float high) { return low + (high - low) * unit_float(word()); }
  template <typename Whole>
  Whole whole_between(Whole low, Whole high) {
    return low + static_cast<Whole>(word() % static_cast<std::uint32_t>(high - low + 1));
  }
  bool either() { return word() % 2 != 0; }
  bool one_of(unsigned count) { return word() % count == 0; }
  /// Of a nearly normal distribution with standard deviation 1: the sum of a word's four bytes.
  float deviation() {
    const std::uint32_t bits = word();
    const auto sum = static_cast<int>((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24));
    constexpr float of_sum = 147.8F;  // 2 * sqrt((256^2 - 1) / 12)
    return static_cast<float>(sum - 510) / of_sum;
  }

 private:
  std::uint64_t seed_;
  std::array<std::uint32_t, 3> key_;
  std::uint32_t next_ = 0;
  Philox4 block_{};
};

}  // namespace nib::test
