#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace nib::test {

/// Tests of mishaps try a sample of all that may befall; with the name of a file in NIB_MISHAP_FIGURES, as
/// tools/mishaps sets it, they try all and add their figures to that file.
inline const char* figures_file() { return std::getenv("NIB_MISHAP_FIGURES"); }

/// A line of the running test: what it did, and whether anything was wrong.
inline void tell_figures(const std::string& done) {
  if (figures_file() == nullptr) return;
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::ofstream(figures_file(), std::ios::app)
      << test.name() << ": " << done << "; " << (test.result()->Failed() ? "something is wrong" : "nothing wrong")
      << '\n';
}

}  // namespace nib::test
