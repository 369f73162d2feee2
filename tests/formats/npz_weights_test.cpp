#include "formats/npz_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "encodings/npy.h"
#include "encodings/zip.h"
#include "formats/number_formats.h"
#include "formats/tiny_file.h"
#include "formats/weights_formats.h"
#include "tests/places.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Entry {
  std::string name;
  NpyArray array;
};

NpyArray floats(const std::vector<std::uint32_t>& shape, const std::vector<float>& values) {
  NpyArray array{.kind = 'f', .item_bytes = 4, .shape = shape, .bytes = {}};
  append_floats(values, array.bytes);
  return array;
}

std::vector<std::uint8_t> archive_of(const std::vector<Entry>& entries) {
  std::vector<std::vector<std::uint8_t>> files;
  for (const Entry& entry : entries) files.push_back(npy_bytes(entry.array));
  std::vector<ZipContent> contents;
  for (std::size_t index = 0; index < entries.size(); ++index) contents.push_back({entries[index].name, files[index]});
  return zip_bytes(contents, "f");
}

const Entry weight{"fc1.weight.npy", floats({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})};
const Entry bias{"fc1.bias.npy", floats({2}, {9, 10})};

WeightsFile digits_model() {
  WeightsFile model;
  model.network = digits_network();
  model.parameters = initial_parameters(model.network, 3);
  model.parameters.tensors[0].values[0] = -0.0f;
  model.parameters.tensors[0].values[1] = 1e-45f;
  model.data = "mnist";
  model.limit = 1000;
  model.class_names = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nin\xc3\xa9"};
  return model;
}

TEST(NpzWeights, ComeBackBitForBitWithAllThatTheFileSays) {
  const WeightsFile model = digits_model();
  const WeightsFile file = parse_weights(npz_weights_bytes(model, "f"), "f");
  EXPECT_EQ(weights_sha256(file.parameters), weights_sha256(model.parameters));
  EXPECT_EQ(file.network, model.network);
  EXPECT_EQ(file.data, "mnist");
  EXPECT_EQ(file.limit, 1000u);
  EXPECT_EQ(file.class_names, model.class_names);
  EXPECT_EQ(file.format, "npz");
  EXPECT_TRUE(file.ours);
  EXPECT_THAT(file.notes, IsEmpty());
}

TEST(NpzWeights, AreTheSameAfterAWayThroughSafetensors) {
  const WeightsFormat &safetensors = *find_weights_format("safetensors"), &npz = *find_weights_format("npz");
  const std::vector<std::uint8_t> bytes = weights_bytes(safetensors, digits_model(), "f");
  const WeightsFile between = parse_weights(weights_bytes(npz, parse_weights(bytes, "f"), "g"), "g");
  EXPECT_EQ(weights_bytes(safetensors, between, "f"), bytes);
}

// Made with numpy 2.4: see golden/npz/README.md.
TEST(NpzWeights, AreReadAsNumPyWritesThem) {
  for (const std::string name : {"keras.npz", "compressed.npz", "fortran.npz", "get_weights.npz"}) {
    const WeightsFile file = read_weights(
        std::filesystem::path(NIB_GOLDEN) / "npz" / name,
        {.network = Network{.input = {.height = 4, .width = 4, .channels = 1},
                            .layers = {Convolution{.filters = 2, .kernel = {3, 3}}, Flatten{},
                                       Dense{.units = 2, .activation = Activation::softmax}}},
         .flatten = name == "get_weights.npz" ? std::optional(FlattenOrder::channels_last) : std::nullopt});
    // kernel[y][x][0][filter] = y + x / 10 + filter * 100, dense[(y * 2 + x) * 2 + channel][out] likewise.
    const std::vector<Tensor>& tensors = file.parameters.tensors;
    EXPECT_THAT(tensors[0].values, ElementsAre(0, 0.1f, 0.2f, 1, 1.1f, 1.2f, 2, 2.1f, 2.2f, 100, 100.1f, 100.2f, 101,
                                               101.1f, 101.2f, 102, 102.1f, 102.2f))
        << name;
    EXPECT_THAT(tensors[1].values, ElementsAre(0.5f, -0.5f));
    EXPECT_THAT(tensors[2].values, ElementsAre(0, 0.1f, 1, 1.1f, 100, 100.1f, 101, 101.1f, 1000, 1000.1f, 1001, 1001.1f,
                                               1100, 1100.1f, 1101, 1101.1f))
        << name;
    EXPECT_THAT(tensors[3].values, ElementsAre(7, 8));
  }
}

TEST(NpzWeights, TakeOtherNumbersAndSaySo) {
  Entry halves = bias;
  halves.array = {.kind = 'f', .item_bytes = 2, .shape = {2}, .bytes = {0, 0, 0, 0x3C}};
  const WeightsFile file = parse_tiny(archive_of({weight, halves}));
  EXPECT_THAT(file.parameters.tensors[1].values, ElementsAre(0, 1));
  EXPECT_THAT(file.notes, ElementsAre("converted 1 tensor from F16 to F32"));
  Entry whole = bias;
  whole.array = {.kind = 'i', .item_bytes = 4, .shape = {2}, .bytes = std::vector<std::uint8_t>(8)};
  EXPECT_EQ(refusal(archive_of({weight, whole})), "f: fc1.bias: wrong dtype (expected F32, F16, BF16 or F64, got I32)");
}

TEST(NpzWeights, TakeTheOrderOfFlattenFromAText) {
  const Entry order{"flatten.npy", npy_of_text("HCW")};
  EXPECT_EQ(refusal(archive_of({weight, bias, order})),
            "f: flatten: inputs of the dense layer are in another order (expected CHW or HWC, got HCW)");
  const Entry number{"flatten.npy",
                     {.kind = 'i', .item_bytes = 8, .shape = {2}, .bytes = std::vector<std::uint8_t>(16)}};
  EXPECT_EQ(refusal(archive_of({weight, bias, number})),
            "f: flatten: not a single text (expected CHW or HWC, got I64 [2])");
  EXPECT_EQ(refusal(archive_of({weight, bias, {"nib.data.npy", floats({}, {1})}})),
            "f: nib.data: not a single text (expected a text, got F32 [])");
}

TEST(NpzWeights, AreRefusedWithTheArraysName) {
  EXPECT_EQ(refusal(archive_of({weight})), "f: fc1.bias: tensor is missing");
  EXPECT_EQ(refusal(archive_of({weight, bias, {"steps.npy", floats({}, {1})}})),
            "f: steps: the network has no such tensor");
  EXPECT_EQ(refusal(archive_of({weight, bias, {"README", floats({}, {1})}})),
            "f: README: not an array (expected names that end in .npy)");
  std::vector<std::uint8_t> cut = npy_bytes(bias.array);
  cut.pop_back();
  const std::vector<std::uint8_t> whole = npy_bytes(weight.array);
  EXPECT_EQ(refusal(zip_bytes(std::vector<ZipContent>{{"fc1.weight.npy", whole}, {"fc1.bias.npy", cut}}, "f")),
            "f: fc1.bias: shape: does not fit the bytes behind the header (expected 8 bytes, got 7 bytes)");
}

TEST(NpzWeights, AnyDamageIsFound) {
  const std::vector<std::uint8_t> bytes = archive_of({weight, bias});
  const Parameters parameters = parse_tiny(bytes).parameters;
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::vector<std::uint8_t> damaged = bytes;
    damaged[place] ^= 1;
    try {
      EXPECT_EQ(parse_tiny(damaged).parameters, parameters) << place;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input) << place;
    }
  }
}

}  // namespace
}  // namespace nib
