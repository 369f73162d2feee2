#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/places.h"

namespace nib {

/// A file of tests/golden/terminal as it is.
inline std::string golden_text(const std::string& name) {
  std::ifstream file(NIB_GOLDEN "/terminal/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace nib
