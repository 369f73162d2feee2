#pragma once

#include <gtest/gtest.h>

#include <string>

#include "images/decoding/heif.h"
#include "images/decoding/image_files.h"

namespace nib {

/// A file of tests/golden/images, by its name without ending.
Bytes heic_file(const std::string& name);

/// Where a box's type such as "ispe" stands for the first time.
std::size_t box_type(const Bytes& file, std::string_view type);

/// Tests of what can be decoded here alone.
class HeicTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string fix = fix_of_heif_library(); !fix.empty()) GTEST_SKIP() << "no decoder of HEIC: " << fix;
  }
};

}  // namespace nib
