#include "hdf5/attribute_texts.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/golden.h"

namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;

constexpr std::uint64_t root_header = 96;  ///< where h5py puts it

Bytes legacy_file() { return golden::unpacked("keras/small/small.h5.zip", "small.h5"); }

std::size_t place_of(const Bytes& bytes, const std::string& text) {
  const auto found = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
  EXPECT_NE(found, bytes.end());
  return static_cast<std::size_t>(found - bytes.begin());
}

std::string refusal(const Bytes& bytes, std::uint64_t header = root_header) {
  try {
    attribute_texts(bytes, header, "backend");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

TEST(AttributeTexts, AreReadAsKerasWroteThem) {
  const Bytes bytes = legacy_file();
  EXPECT_EQ(attribute_texts(bytes, root_header, "backend"), Texts{"tensorflow"});
  EXPECT_EQ(attribute_texts(bytes, root_header, "keras_version"), Texts{"3.15.1"});
  const std::optional<Texts> config = attribute_texts(bytes, root_header, "model_config");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(config->front()).at("class_name"), "Sequential");
}

TEST(AttributeTexts, AreNoneWhereThereIsNoSuchAttribute) {
  EXPECT_EQ(attribute_texts(legacy_file(), root_header, "optimizer"), std::nullopt);
}

TEST(AttributeTexts, AreRefusedWhereTheirPlacesAreWrong) {
  const Bytes whole = legacy_file();
  EXPECT_EQ(refusal(whole, whole.size() + 1), "attribute backend: damaged: an object lies outside the file");
  EXPECT_EQ(refusal(whole, 0), "attribute backend: damaged: an object header of an unknown version");
  Bytes bytes = whole;
  bytes[place_of(whole, "GCOL")] = 'X';
  EXPECT_EQ(refusal(bytes), "attribute backend: damaged: a text is not where its place says");
}

/// Under sanitizers nothing is read that is not there.
TEST(AttributeTexts, AreReadOrRefusedWithAnyByteChanged) {
  const Bytes whole = legacy_file();
  const auto try_with = [&](std::size_t index, std::uint8_t byte) {
    Bytes bytes = whole;
    bytes[index] = byte;
    return refusal(bytes);
  };
  int refused = 0;
  const std::size_t heap = place_of(whole, "GCOL");
  for (const std::size_t begin : {std::size_t{root_header}, heap})
    for (std::size_t index = begin; index < begin + 400; ++index)
      for (const std::uint8_t byte : std::initializer_list<std::uint8_t>{0, 1, 0x7F, 0xFF})
        refused += try_with(index, byte) != "none" ? 1 : 0;
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace nib
