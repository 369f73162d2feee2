#include "formats/weights_formats.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "formats/tiny_file.h"

namespace nib {
namespace {

/// A file of tiny weights in memory.
WeightsFile tiny_weights() {
  WeightsFile model;
  model.network = tiny_network();
  model.parameters = initial_parameters(tiny_network(), 1);
  return model;
}

TEST(WeightsFormats, HaveNamesAndEndingsOfTheirOwn) {
  std::set<std::string_view> names, endings;
  for (const WeightsFormat& format : weights_formats()) {
    names.insert(format.name);
    endings.insert(format.ending);
    EXPECT_TRUE(format.ending.starts_with('.')) << format.name;
    EXPECT_EQ(format.recognises != nullptr, format.read != nullptr) << format.name;
    EXPECT_TRUE(format.read != nullptr || format.write != nullptr) << format.name;
  }
  EXPECT_EQ(names.size(), weights_formats().size());
  EXPECT_EQ(endings.size(), weights_formats().size());
}

TEST(WeightsFormats, AreFoundByNameAndByEnding) {
  for (const WeightsFormat& format : weights_formats()) {
    EXPECT_EQ(find_weights_format(format.name), &format);
    EXPECT_EQ(weights_format_of("folder.npz/a.b" + std::string(format.ending)), &format);
  }
  EXPECT_EQ(find_weights_format("pickle"), nullptr);
  EXPECT_EQ(weights_format_of("weights.pt"), nullptr);
  EXPECT_EQ(weights_format_of("safetensors"), nullptr);
}

TEST(WeightsFormats, RecogniseAndReadWhatTheyWrite) {
  const WeightsFile model = tiny_weights();
  for (const WeightsFormat& format : weights_formats()) {
    if (format.read == nullptr || format.write == nullptr) continue;
    const std::vector<std::uint8_t> bytes = weights_bytes(format, model, "f");
    EXPECT_EQ(&recognise_weights(bytes), &format) << format.name;
    EXPECT_EQ(parse_weights(bytes, "f", {.network = tiny_network()}).parameters, model.parameters) << format.name;
    EXPECT_EQ(weights_bytes(format, model, "g"), bytes) << format.name;
  }
}

TEST(WeightsFormats, WriteNothingThatIsNotOfTheNetwork) {
  WeightsFile model = tiny_weights();
  model.parameters.tensors.pop_back();
  EXPECT_THROW(weights_bytes(weights_formats().front(), model, "f"), std::invalid_argument);
}

TEST(WeightsFormats, TakeWhatIsOfNoneForSafetensors) {
  EXPECT_EQ(recognise_weights({}).name, "safetensors");
  EXPECT_EQ(refusal({'h', 'i', '\n'}), "f: wrong format (expected a weights file, got a text file)");
}

}  // namespace
}  // namespace nib
