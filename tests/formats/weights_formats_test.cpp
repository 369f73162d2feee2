#include "formats/weights_formats.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "base/error.h"
#include "formats/checkpoint.h"
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
    if (!is_built_in(format)) continue;
    const std::vector<std::uint8_t> bytes = weights_bytes(format, model, "f");
    EXPECT_EQ(&recognise_weights(bytes), &format) << format.name;
    EXPECT_EQ(parse_weights(bytes, "f", {.network = tiny_network()}).parameters, model.parameters) << format.name;
    EXPECT_EQ(weights_bytes(format, model, "g"), bytes) << format.name;
  }
}

TEST(WeightsFormats, ButNibsOwnHaveNoCheckpoints) {
  for (const WeightsFormat& format : weights_formats()) {
    if (!is_built_in(format) || format.name == "safetensors") continue;
    try {
      parse_checkpoint(weights_bytes(format, tiny_weights(), "f"), "f");
      FAIL() << format.name;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(),
                "f: no checkpoint: " + std::string(format.words) + " has weights but not where a run stands");
      EXPECT_EQ(error.problem().hint, "as start weights of a new run: " + setting("weights"));
    }
  }
}

/// Whatever is damaged at the beginning, the archive's directory at the end tells what it is.
TEST(WeightsFormats, OfArchivesAreKnownWithADamagedBeginning) {
  for (const std::string_view name : {"npz", "keras"}) {
    const WeightsFormat& format = *find_weights_format(name);
    if (!is_built_in(format)) continue;
    std::vector<std::uint8_t> bytes = weights_bytes(format, tiny_weights(), "f");
    constexpr std::size_t name_of_first = 30;
    for (const std::size_t place :
         {std::size_t{5}, std::size_t{14}, std::size_t{26}, name_of_first, name_of_first + 5}) {
      std::vector<std::uint8_t> damaged = bytes;
      damaged[place] ^= 2;
      EXPECT_EQ(recognise_weights(damaged).name, name) << place;
      EXPECT_EQ(refusal(damaged).find("wrong format"), std::string::npos) << refusal(damaged);
    }
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
