#include "formats/number_formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace nib {
namespace {

using testing::ElementsAre;

template <typename Bits>
float converted(std::string_view dtype, Bits bits) {
  std::vector<std::uint8_t> bytes;
  for (unsigned shift = 0; shift < 8 * sizeof bits; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  const auto values = floats_of(dtype, bytes);
  return values && values->size() == 1 ? values->front() : -1234.5f;
}

float half(std::uint16_t bits) { return converted("F16", bits); }
float brain(std::uint16_t bits) { return converted("BF16", bits); }
float narrowed(double value) { return converted("F64", std::bit_cast<std::uint64_t>(value)); }

// The values are those of IEEE 754-2008's binary16.
TEST(NumberFormats, ReadsHalves) {
  EXPECT_EQ(half(0x3C00), 1.0f);
  EXPECT_EQ(half(0xC000), -2.0f);
  EXPECT_EQ(half(0x3555), 0.333251953125f);
  EXPECT_EQ(half(0x7BFF), 65504.0f) << "largest";
  EXPECT_EQ(half(0x0400), 0x1p-14f) << "smallest normal";
  EXPECT_EQ(half(0x03FF), 0x1.FF8p-15f) << "largest subnormal";
  EXPECT_EQ(half(0x0001), 0x1p-24f) << "smallest subnormal";
  EXPECT_EQ(half(0x7C00), std::numeric_limits<float>::infinity());
  EXPECT_EQ(half(0xFC00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(half(0x7C01)));
  EXPECT_TRUE(std::signbit(half(0x8000)));
  EXPECT_EQ(half(0x8000), 0.0f);
}

TEST(NumberFormats, ReadsBrainFloats) {
  EXPECT_EQ(brain(0x3F80), 1.0f);
  EXPECT_EQ(brain(0xC040), -3.0f);
  EXPECT_EQ(brain(0x0001), 0x1p-133f);
  EXPECT_EQ(brain(0x7F80), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(brain(0x7FC0)));
}

TEST(NumberFormats, RoundsDoubles) {
  EXPECT_EQ(narrowed(0.1), 0.1f);
  EXPECT_EQ(narrowed(-1e-50), 0.0f);
  EXPECT_TRUE(std::isinf(narrowed(1e300)));
  EXPECT_TRUE(std::isnan(narrowed(std::nan(""))));
}

TEST(NumberFormats, ReadsFloatsBitForBit) {
  for (const std::uint32_t bits : {0u, 0x80000000u, 1u, 0x3DCCCCCDu, 0x7F7FFFFFu, 0xFF800000u, 0x7FC00123u})
    EXPECT_EQ(std::bit_cast<std::uint32_t>(converted("F32", bits)), bits);
}

TEST(NumberFormats, KnowsNoOtherFloats) {
  EXPECT_EQ(floats_of("I32", std::vector<std::uint8_t>(4)), std::nullopt);
  EXPECT_EQ(floats_of("F8_E4M3", std::vector<std::uint8_t>(4)), std::nullopt);
}

TEST(NumberFormats, KnowsSizes) {
  EXPECT_EQ(bytes_per_number("F64"), 8u);
  EXPECT_EQ(bytes_per_number("BF16"), 2u);
  EXPECT_EQ(bytes_per_number("BOOL"), 1u);
  EXPECT_EQ(bytes_per_number("F4"), 0u) << "not whole bytes";
  EXPECT_EQ(bytes_per_number("f32"), 0u);
}

TEST(NumberFormats, AppendsTheLowestByteFirst) {
  std::vector<std::uint8_t> bytes;
  append_floats(std::vector{1.0f, -2.5f}, bytes);
  EXPECT_THAT(bytes, ElementsAre(0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0));
}

}  // namespace
}  // namespace nib
