#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "formats/number_formats.h"
#include "formats/safetensors_file.h"
#include "formats/tiny_file.h"
#include "formats/weights.h"
#include "tests/places.h"

// Files that nib did not write: PyTorch's names, other number formats, no metadata.
namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::filesystem::path golden = std::filesystem::path(NIB_GOLDEN) / "keras/trained.safetensors";

/// Parameters of a network with a different number at every place.
Parameters counted_parameters(const Network& network) {
  Parameters parameters = zero_parameters(network);
  float next = 0;
  for (Tensor& tensor : parameters.tensors)
    for (float& value : tensor.values) value = next += 0.25f;
  return parameters;
}

std::vector<std::uint8_t> file_of(const Parameters& parameters) { return safetensors_bytes(parameters, {}, "f"); }

TEST(OtherWriters, ReadsTheReferenceWritersFile) {
  const WeightsFile file = read_weights(golden);
  EXPECT_FALSE(file.ours);
  EXPECT_EQ(file.network, digits_network());
  EXPECT_EQ(file.data, "");
  EXPECT_THAT(file.class_names, IsEmpty());
  EXPECT_THAT(file.notes, IsEmpty());
  ASSERT_EQ(file.parameters.tensors.size(), 8u);
  // As h5py reads them from the file that Keras wrote, at these places of its own layout.
  const std::vector<Tensor>& tensors = file.parameters.tensors;
  EXPECT_FLOAT_EQ(tensors[0].values[1], 0.1730979f) << "conv2d kernel [0,1,0,0]";
  EXPECT_FLOAT_EQ(tensors[2].values[((6 * 32 + 5) * 3 + 2) * 3 + 1], 0.012213605f) << "conv2d_1 kernel [2,1,5,6]";
  EXPECT_FLOAT_EQ(tensors[4].values[9 * 1600 + 7 * 25 + 3 * 5 + 2], -0.02464324f)
      << "dense kernel [(3*5+2)*64+7,9]: row 3, column 2, channel 7";
  EXPECT_FLOAT_EQ(tensors[6].values[3 * 128 + 100], -0.089240104f) << "dense_1 kernel [100,3]";
}

TEST(OtherWriters, WritesWhatTheReferenceWriterWrites) {
  const std::vector<std::uint8_t> bytes = read_file(golden, 1'000'000);
  EXPECT_EQ(safetensors_bytes(read_weights(golden).parameters, {{"format", "pt"}}, "f"), bytes);
}

TEST(OtherWriters, ReadsAnyOrderOfTensorsAndSpaceAroundTheHeader) {
  const std::string header = R"({"fc1.weight":{"data_offsets":[0,32],"shape":[2,4],"dtype":"F32"},)"
                             R"("fc1.bias":{"dtype":"F32","data_offsets":[32,40],"shape":[2]}})";
  EXPECT_NO_THROW(parse_tiny(safetensors_of(" \t\r\n" + header + "\n\t ", 40)));
}

TEST(OtherWriters, ReadsWithoutMetadata) {
  EXPECT_NO_THROW(
      parse_tiny(safetensors_of(with(tiny_header(), R"({"__metadata__":{})", R"({"__metadata__":null)"), 40)));
  EXPECT_NO_THROW(parse_tiny(safetensors_of(with(tiny_header(), R"({"__metadata__":{},)", "{"), 40)));
}

TEST(OtherWriters, ReadsMetadataOfTwoMegabytes) {
  const std::string log(2'000'000, 'x');
  EXPECT_FALSE(parse_tiny(safetensors_of(tiny_header("\"log\":\"" + log + '"'), 40)).ours);
}

TEST(OtherWriters, ReadsModuleNumbersOfASequential) {
  Parameters parameters = counted_parameters(digits_network());
  const Parameters expected = parameters;
  const char* names[] = {"0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias", "9.weight", "9.bias"};
  for (std::size_t index = 0; index < 8; ++index) parameters.tensors[index].name = names[index];
  EXPECT_EQ(parse_weights(file_of(parameters), "f").parameters, expected);
}

TEST(OtherWriters, ReadsTheNamesOfKerasLayers) {
  Parameters parameters = counted_parameters(digits_network());
  const Parameters expected = parameters;
  const char* names[] = {"conv2d.weight", "conv2d.bias", "conv2d_1.weight", "conv2d_1.bias",
                         "dense.weight",  "dense.bias",  "dense_1.weight",  "dense_1.bias"};
  for (std::size_t index = 0; index < 8; ++index) parameters.tensors[index].name = names[index];
  EXPECT_EQ(parse_weights(file_of(parameters), "f").parameters, expected);
}

TEST(OtherWriters, CountsModulesOfAnyNetwork) {
  const Network network{.input = {.height = 6, .width = 6, .channels = 1},
                        .layers = {Convolution{.filters = 2}, MaxPool{}, Flatten{}, Dropout{.rate = 0.5},
                                   Dense{.units = 2, .activation = Activation::softmax}}};
  Parameters parameters = counted_parameters(network);
  const Parameters expected = parameters;
  const char* names[] = {"0.weight", "0.bias", "4.weight", "4.bias"};
  for (std::size_t index = 0; index < 4; ++index) parameters.tensors[index].name = names[index];
  EXPECT_EQ(parse_weights(file_of(parameters), "f", {.network = network}).parameters, expected);
}

TEST(OtherWriters, MissesATensorOfASequentialUnderItsOwnName) {
  Parameters parameters = counted_parameters(tiny_network());
  parameters.tensors[0].name = "1.weight";
  EXPECT_EQ(refusal(file_of(parameters)), "f: fc1.weight: tensor is missing");
}

TEST(OtherWriters, TakesTheNetworkThatIsAskedFor) {
  const Parameters parameters = counted_parameters(tiny_network());
  EXPECT_EQ(parse_tiny(file_of(parameters)).network, tiny_network());
  EXPECT_EQ(refusal(file_of(parameters), {}), "f: conv1.weight: tensor is missing");
}

TEST(OtherWriters, IgnoresExtraTensorsOnlyWhereAllowed) {
  Parameters parameters = counted_parameters(tiny_network());
  const Parameters expected = parameters;
  parameters.tensors.push_back({"step", {}, {7}});
  EXPECT_EQ(refusal(file_of(parameters)), "f: step: the network has no such tensor");
  const WeightsFile file = parse_weights(file_of(parameters), "f", {.network = tiny_network(), .allow_extra = true});
  EXPECT_EQ(file.parameters, expected);
  EXPECT_THAT(file.notes, ElementsAre("ignored 1 tensor that the network has no place for, the first is step"));
}

TEST(OtherWriters, ConvertsHalvesAndSaysSo) {
  std::string header = R"({"fc1.bias":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                       R"("fc1.weight":{"dtype":"F16","shape":[2,4],"data_offsets":[4,20]}})";
  std::vector<std::uint8_t> bytes = safetensors_of(header, 20);
  bytes[bytes.size() - 20 + 3] = 0x3C;  // the second bias: 1
  const WeightsFile file = parse_tiny(bytes);
  EXPECT_THAT(file.parameters.tensors[1].values, ElementsAre(0.0f, 1.0f));
  EXPECT_THAT(file.notes, ElementsAre("converted 2 tensors from F16 to F32"));
}

TEST(OtherWriters, ConvertsEveryFloatFormat) {
  const std::string header = R"({"fc1.bias":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},)"
                             R"("fc1.weight":{"dtype":"BF16","shape":[2,4],"data_offsets":[16,32]}})";
  EXPECT_THAT(parse_tiny(safetensors_of(header, 32)).notes,
              ElementsAre("converted 1 tensor from BF16 to F32", "converted 1 tensor from F64 to F32"));
}

TEST(OtherWriters, SaysHowManyDoublesItRounds) {
  const std::string header = R"({"fc1.bias":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},)"
                             R"("fc1.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[16,48]}})";
  std::vector<std::uint8_t> bytes = safetensors_of(header, 48);
  bytes[bytes.size() - 48 + 7] =
      0x3F;  // the first bias: a power of two, and then with a last bit that floats do not have
  EXPECT_THAT(parse_tiny(bytes).notes, ElementsAre("converted 1 tensor from F64 to F32"));
  bytes[bytes.size() - 48] = 1;
  EXPECT_THAT(parse_tiny(bytes).notes, ElementsAre("converted 1 tensor from F64 to F32, rounding 1 number"));
  bytes[bytes.size() - 48 + 7] = 0x7F;
  EXPECT_EQ(refusal(bytes), "f: fc1.bias[0]: not a finite number (got inf)");
}

TEST(OtherWriters, RefusesNumbersThatAreNotFinite) {
  Parameters parameters = counted_parameters(tiny_network());
  parameters.tensors[0].values[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(refusal(file_of(parameters)), "f: fc1.weight[5]: not a finite number (got nan)");
  parameters.tensors[0].values[5] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(refusal(file_of(parameters)), "f: fc1.weight[5]: not a finite number (got -inf)");
}

TEST(OtherWriters, LetsNonFiniteNumbersThroughWhereAllowedAndSaysSo) {
  Parameters parameters = counted_parameters(tiny_network());
  parameters.tensors[0].values[5] = std::numeric_limits<float>::quiet_NaN();
  const WeightsFile file =
      parse_weights(file_of(parameters), "f", {.network = tiny_network(), .allow_nonfinite = true});
  EXPECT_TRUE(std::isnan(file.parameters.tensors[0].values[5]));
  EXPECT_THAT(file.notes, ElementsAre("fc1.weight holds 1 number that is not finite"));
}

TEST(OtherWriters, TakesAFlattenOrderThatIsOurs) {
  EXPECT_NO_THROW(parse_tiny(safetensors_of(tiny_header("\"flatten\":\"CHW\""), 40)));
}

}  // namespace
}  // namespace nib
