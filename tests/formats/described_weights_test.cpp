// What nib's files say beside their numbers, in every format, and that damage to the numbers is found.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "formats/number_formats.h"
#include "formats/tiny_file.h"
#include "formats/weights_formats.h"
#include "support/golden.h"

namespace nib {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

WeightsFile described(const Network& network) {
  WeightsFile model;
  model.network = network;
  model.parameters = initial_parameters(network, 3);
  model.data = "fashion";
  model.limit = 600;
  for (std::uint32_t number = 0; number < class_count(network); ++number)
    model.class_names.push_back("cl\xc3\xa4ss " + std::to_string(number));
  return model;
}

/// The formats that nib reads and writes here.
std::vector<const WeightsFormat*> both_ways() {
  std::vector<const WeightsFormat*> formats;
  for (const WeightsFormat& format : weights_formats())
    if (is_built_in(format)) formats.push_back(&format);
  return formats;
}

/// Where in a file the bytes of a number stand that is there once.
std::size_t place_of(const Bytes& bytes, float number) {
  Bytes wanted;
  append_floats({&number, 1}, wanted);
  const auto found = std::ranges::search(bytes, wanted);
  EXPECT_FALSE(found.empty());
  EXPECT_TRUE(std::ranges::search(std::span(found.end(), bytes.end()), wanted).empty());
  return static_cast<std::size_t>(found.begin() - bytes.begin());
}

std::string refusal_of(const Bytes& bytes, const WeightsOptions& options = {}) {
  try {
    parse_weights(bytes, "f", options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

TEST(DescribedWeights, KeepDataLimitClassesAndNetworkInEveryFormat) {
  for (const WeightsFormat* format : both_ways())
    for (const Network& network : {digits_network(), tiny_network(), golden::networks().back().network}) {
      const WeightsFile model = described(network);
      const Bytes bytes = weights_bytes(*format, model, "f");
      const WeightsFile back = parse_weights(bytes, "f");
      EXPECT_EQ(back.format, format->name);
      EXPECT_EQ(back.network, network) << format->name;
      EXPECT_EQ(back.parameters, model.parameters) << format->name;
      EXPECT_EQ(back.data, "fashion") << format->name;
      EXPECT_EQ(back.limit, 600u) << format->name;
      EXPECT_EQ(back.class_names, model.class_names) << format->name;
      EXPECT_TRUE(back.ours) << format->name;
      EXPECT_EQ(weights_bytes(*format, back, "f"), bytes) << format->name;
    }
}

TEST(DescribedWeights, OfAnotherNetworkThanTheOneAskedForAreRefused) {
  for (const WeightsFormat* format : both_ways())
    EXPECT_THAT(refusal_of(weights_bytes(*format, described(digits_network()), "f"), {.network = tiny_network()}),
                HasSubstr("another network than network names"))
        << format->name;
}

/// Bits of a number of each tensor, which has the same bytes in any layout.
TEST(DescribedWeights, AFlippedBitOfANumberIsFoundInEveryFormat) {
  WeightsFile model = described({.input = {.height = 6, .width = 6, .channels = 1},
                                 .layers = {Convolution{.filters = 3, .kernel = {3, 3}}, Flatten{},
                                            Dense{.units = 4, .activation = Activation::softmax}}});
  std::vector<float> marked;
  for (Tensor& tensor : model.parameters.tensors)
    tensor.values[tensor.values.size() / 2] = marked.emplace_back(1.2345678f + static_cast<float>(marked.size()));
  for (const WeightsFormat* format : both_ways()) {
    Bytes bytes = weights_bytes(*format, model, "f");
    ASSERT_EQ(refusal_of(bytes), "none");
    for (std::size_t index = 0; index < marked.size(); ++index) {
      const std::size_t place = place_of(bytes, marked[index]);
      for (unsigned bit = 0; bit < 32; bit += 5) {
        bytes[place + bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        EXPECT_NE(refusal_of(bytes), "none") << format->name << ", tensor " << index << ", bit " << bit;
        bytes[place + bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      }
    }
  }
}

TEST(DescribedWeights, ThatAreDamagedAreCalledSo) {
  WeightsFile model = described(tiny_network());
  model.parameters.tensors[0].values[1] = 1.2345678f;
  for (const WeightsFormat* format : both_ways()) {
    Bytes bytes = weights_bytes(*format, model, "f");
    bytes[place_of(bytes, 1.2345678f)] ^= 1;
    EXPECT_THAT(refusal_of(bytes), HasSubstr("file is damaged")) << format->name;
  }
}

/// Files of nib before it wrote the hash, and of others, have none.
TEST(DescribedWeights, WithoutAHashAreTakenAsTheyAre) {
  WeightsFile model = described(tiny_network());
  model.parameters.tensors[0].values[1] = 1.2345678f;
  for (const WeightsFormat* format : both_ways()) {
    if (format->name != "onnx" && !format->name.ends_with("h5")) continue;  // others have a checksum of their own
    Bytes bytes = weights_bytes(*format, model, "f");
    const std::string_view key = "nib.weights_sha256";
    const auto found = std::ranges::search(bytes, key, [](std::uint8_t byte, char sign) { return char(byte) == sign; });
    ASSERT_FALSE(found.empty()) << format->name;
    *found.begin() = 'N';
    bytes[place_of(bytes, 1.2345678f)] ^= 1;
    EXPECT_EQ(parse_weights(bytes, "f").data, "fashion") << format->name;
  }
}

}  // namespace
}  // namespace nib
