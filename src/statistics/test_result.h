#pragma once

#include <cstdint>
#include <vector>

namespace nib {

/// What came out of a test on labelled images.
struct TestResult {
  std::uint64_t images = 0, correct = 0;
  double loss = 0, accuracy = 0;           ///< means
  std::vector<std::uint64_t> confusion{};  ///< (true class, predicted class)
};

}  // namespace nib
