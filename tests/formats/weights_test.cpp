#include "formats/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/error.h"
#include "base/files.h"
#include "base/temporary_folder.h"
#include "formats/tiny_file.h"
#include "model/network_json.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Writes the tiny network's weights and gives the file's bytes.
std::vector<std::uint8_t> written(const std::string& data = "mnist", const std::vector<std::string>& classes = {}) {
  const TemporaryFolder folder;
  write_weights(folder / "f", tiny_network(), initial_parameters(tiny_network(), 1), data, classes);
  return read_file(folder / "f", 10'000);
}

nlohmann::json header_of(const std::vector<std::uint8_t>& bytes) {
  const std::size_t length = bytes[0] + 256u * bytes[1];
  return nlohmann::json::parse(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length));
}

TEST(Weights, ComeBackBitForBit) {
  const TemporaryFolder folder;
  Parameters parameters = initial_parameters(digits_network(), 7);
  parameters.tensors[0].values[0] = -0.0f;
  parameters.tensors[0].values[1] = 1e-45f;
  write_weights(folder / "f", digits_network(), parameters, "mnist",
                {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  const WeightsFile file = read_weights(folder / "f");
  EXPECT_TRUE(file.ours);
  EXPECT_EQ(file.network, digits_network());
  EXPECT_EQ(weights_sha256(file.parameters), weights_sha256(parameters));
  EXPECT_EQ(file.data, "mnist");
  EXPECT_EQ(file.class_names.size(), 10u);
  EXPECT_THAT(file.notes, IsEmpty());
}

TEST(Weights, SayWhereNotAllImagesWereUsed) {
  const TemporaryFolder folder;
  write_weights(folder / "f", tiny_network(), initial_parameters(tiny_network(), 1), "mnist", {}, 1000);
  EXPECT_EQ(read_weights(folder / "f").limit, 1000u);
  EXPECT_EQ(header_of(read_file(folder / "f", 10'000))["__metadata__"]["nib.limit"], "1000");
  EXPECT_EQ(parse_weights(written(), "f").limit, 0u);
  EXPECT_FALSE(header_of(written())["__metadata__"].contains("nib.limit"));
}

TEST(Weights, BringTheirNetwork) {
  const std::vector<std::uint8_t> bytes = written();
  EXPECT_EQ(parse_weights(bytes, "f").network, tiny_network());
  EXPECT_EQ(parse_tiny(bytes).network, tiny_network()) << "asking for the same one is no conflict";
}

TEST(Weights, RefuseAnotherNetwork) {
  EXPECT_EQ(refusal(written(), {.network = digits_network()}),
            "f: nib.network: the file is for another network than network names");
}

TEST(Weights, HaveTheHeaderOfTheReferenceWriter) {
  const std::vector<std::uint8_t> bytes = written("fashion", {"left", "right"});
  const nlohmann::json header = header_of(bytes);
  EXPECT_EQ((bytes[0] + 256u * bytes[1]) % 8, 0u) << "numbers start at a multiple of 8";
  EXPECT_EQ(bytes[8], '{');
  EXPECT_EQ(header.at("fc1.bias"), nlohmann::json::parse(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"));
  EXPECT_EQ(header.at("fc1.weight"), nlohmann::json::parse(R"({"dtype":"F32","shape":[2,4],"data_offsets":[8,40]})"));
  const nlohmann::json& metadata = header.at("__metadata__");
  EXPECT_EQ(metadata.size(), 7u);
  EXPECT_EQ(metadata.at("format"), "pt");
  EXPECT_EQ(metadata.at("flatten"), "CHW");
  EXPECT_EQ(metadata.at("nib.format"), "1");
  EXPECT_EQ(metadata.at("nib.network"), network_json(tiny_network()));
  EXPECT_EQ(metadata.at("nib.data"), "fashion");
  EXPECT_EQ(metadata.at("nib.classes"), R"(["left","right"])");
  EXPECT_EQ(metadata.at("nib.sha256").get<std::string>().size(), 64u);
}

TEST(Weights, AreWrittenTheSameEveryTime) { EXPECT_EQ(written(), written()); }

TEST(Weights, KeepOneClassNameAClass) {
  EXPECT_THAT(parse_tiny(written("", {"cat", "dog"})).class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(parse_tiny(written("", {"cat"})).class_names, ElementsAre("cat", "1"));
  EXPECT_THAT(parse_tiny(written("", {"cat", "dog", "bird"})).class_names, ElementsAre("cat", "dog"));
  EXPECT_THAT(parse_tiny(written("", {})).class_names, IsEmpty());
}

TEST(Weights, KeepNamesThatNeedEscaping) {
  const std::string odd = "a\"b\\c\"nib.sha256\":\"ö";
  EXPECT_EQ(parse_tiny(written(odd, {odd, odd})).data, odd);
  EXPECT_THAT(parse_tiny(written("", {odd, odd})).class_names, ElementsAre(odd, odd));
  EXPECT_EQ(parse_tiny(written("caf\xe9")).data, "caf\xEF\xBF\xBD") << "not UTF-8: replaced";
  EXPECT_EQ(parse_tiny(written("a\nb")).data, "a\\x0ab") << "made safe for a terminal";
}

TEST(Weights, RefuseParametersOfAnotherNetwork) {
  const TemporaryFolder folder;
  Parameters parameters = zero_parameters(tiny_network());
  parameters.tensors[0].values.pop_back();
  EXPECT_THROW(write_weights(folder / "f", tiny_network(), parameters, "", {}), std::invalid_argument);
  EXPECT_THROW(write_weights(folder / "f", digits_network(), zero_parameters(tiny_network()), "", {}),
               std::invalid_argument);
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(Weights, RefuseMetadataThatNoReaderWouldTake) {
  const TemporaryFolder folder;
  EXPECT_THROW(
      write_weights(folder / "f", tiny_network(), zero_parameters(tiny_network()), std::string(100'000'001, 'x'), {}),
      Error);
  EXPECT_THAT(folder.names(), IsEmpty());
}

/// What is said of nib's own file with a piece of its header replaced and the checksum put right again.
std::string refusal_of_changed(const std::string& from, const std::string& to) {
  const std::vector<std::uint8_t> bytes = written("mnist", {"a", "b"});
  const std::size_t length = bytes[0] + 256u * bytes[1];
  const std::string header(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length));
  return refusal(with_right_checksum(safetensors_of(with(header, from, to), 40)));
}

TEST(WeightsMetadata, ReadsWithTheChecksumPutRight) {
  EXPECT_EQ(refusal_of_changed("mnist", "fashion"), "was read");
  EXPECT_EQ(refusal_of_changed("\"flatten\":\"CHW\",", ""), "was read") << "the version says it as well";
}

TEST(WeightsMetadata, IsCheckedWhereTheChecksumIsRight) {
  EXPECT_EQ(refusal_of_changed("CHW", "HWC"),
            "f: flatten: inputs of the dense layer are in another order (expected CHW, got HWC)");
  EXPECT_EQ(refusal_of_changed(R"("nib.format":"1")", R"("nib.format":"\u0001")"),
            "f: nib.format: unknown version of nib's format (expected 1, got \\x01)");
  EXPECT_THAT(refusal_of_changed("softmax", "hardmax"), HasSubstr("f: nib.network: layers[1].activation: "));
  EXPECT_THAT(refusal_of_changed("[2,2,1],", "[2,2],"), HasSubstr("f: nib.network: input: "));
}

TEST(WeightsMetadata, HasOneClassNameAClass) {
  const std::string names = R"([\"a\",\"b\"])";
  const std::string line = "f: nib.classes: not a name for each class (expected an array of 2 strings, got ";
  EXPECT_EQ(refusal_of_changed(names, R"([\"a\"])"), line + "an array of 1)");
  EXPECT_EQ(refusal_of_changed(names, R"([\"a\",2])"), line + "an array of 2)");
  EXPECT_EQ(refusal_of_changed(names, R"({\"a\":\"b\",\"c\":\"d\"})"), line + "an object)");
  EXPECT_EQ(refusal_of_changed(names, "7"), line + "7)");
  EXPECT_EQ(refusal_of_changed(names, R"([\"a\",[[[]]]])"),
            "f: nib.classes: JSON is nested too deep (expected at most 1 levels)");
  EXPECT_EQ(refusal_of_changed(names, "["), "f: nib.classes: line 1, column 2: JSON ends too early");
}

// SHA-256 of the bytes 00 00 80 3f 00 00 00 c0 (1 and -2), as sha256sum gives it.
TEST(WeightsSha256, HashesTheNumbersInOrder) {
  const Parameters parameters{{{"a", {1}, {1.0f}}, {"b", {1}, {-2.0f}}}};
  EXPECT_EQ(weights_sha256(parameters), "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");
  const Parameters swapped{{{"b", {1}, {-2.0f}}, {"a", {1}, {1.0f}}}};
  EXPECT_NE(weights_sha256(swapped), weights_sha256(parameters));
}

}  // namespace
}  // namespace nib
