#pragma once

#include <cstddef>
#include <cstdint>

#include "nib/arithmetic/philox.h"

namespace nib {

/// Numbers that belong to one image, drawn one after another: the same on every machine and for any number of threads.
class Random {
 public:
  /// What images they are for, apart from each other and from every RandomUse of the library.
  enum class Use : std::uint32_t { no_digit = 0x73636f72, redrawn_digit = 0x72656472 };

  Random(Use use, std::size_t image) : use_(use), image_(static_cast<std::uint32_t>(image)) {}

  std::uint32_t word() {
    if (next_ % 4 == 0) block_ = philox4x32_10(0, {{next_ / 4, image_, 0, static_cast<std::uint32_t>(use_)}});
    return block_.word[next_++ % 4];
  }
  float between(float low, float high) { return low + (high - low) * unit_float(word()); }
  std::size_t below(std::size_t count) { return word() % count; }
  bool happens(float probability) { return between(0, 1) < probability; }

 private:
  Use use_;
  std::uint32_t image_, next_ = 0;
  Philox4 block_{};
};

}  // namespace nib
