#include "formats/keras/keras.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "encodings/zip.h"
#include "formats/tiny_file.h"
#include "hdf5/hdf5_file.h"
#include "support/golden.h"

// Files that real Keras made (tests/golden/keras/make_small.py), and our own.
namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes small_keras() { return read_file(golden::path("keras/small/small.keras"), 1 << 20); }
Bytes small_weights() { return golden::unpacked("keras/small/small.keras", "model.weights.h5"); }
Bytes small_legacy() { return golden::unpacked("keras/small/small.h5.zip", "small.h5"); }
Bytes attack(const std::string& name) { return read_file(golden::path("keras/attacks/" + name + ".h5"), 1 << 20); }

Network small_network() {
  return {.input = {28, 28, 1},
          .layers = {Convolution{.filters = 3, .activation = Activation::relu}, MaxPool{},
                     Convolution{.filters = 4, .stride = {2, 2}, .activation = Activation::relu}, MaxPool{}, Flatten{},
                     Dense{8, Activation::relu}, Dropout{0}, Dense{10, Activation::softmax}}};
}

WeightsFile weights_of(const Network& network, const Parameters& parameters) {
  WeightsFile model;
  model.network = network;
  model.parameters = parameters;
  return model;
}

std::string refusal(const Bytes& bytes, const WeightsOptions& options = {}) {
  try {
    parse_weights(bytes, "f", options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

class KerasFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  }
};

TEST_F(KerasFiles, BringTheirNetworkAndWeights) {
  const WeightsFile archive = parse_weights(small_keras(), "f"), legacy = parse_weights(small_legacy(), "f"),
                    weights = parse_weights(small_weights(), "f", {.network = small_network()});
  EXPECT_EQ(archive.network, small_network());
  EXPECT_EQ(legacy.network, small_network());
  EXPECT_EQ(archive.parameters, legacy.parameters);
  EXPECT_EQ(archive.parameters, weights.parameters);
  EXPECT_EQ(archive.notes, std::vector<std::string>());
  EXPECT_FALSE(archive.ours);
}

/// In Keras's layout a kernel's numbers stand in another order: by value, because the shapes would fit either way.
TEST_F(KerasFiles, HaveTheirNumbersPutIntoPyTorchsOrder) {
  const Network network{
      .input = {4, 4, 1},
      .layers = {Convolution{.filters = 2, .kernel = {2, 3}}, Flatten{}, Dropout{0.5}, Dense{2, Activation::softmax}}};
  const std::vector<float> kernel{0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15};  // (2,3,1,2): value is 10 out + 3 y + x
  std::vector<float> dense;                                                   // behind 3x2x2: rows by y, x, channel
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 2; ++x)
      for (int channel = 0; channel < 2; ++channel)
        for (int out = 0; out < 2; ++out) dense.push_back(float(1000 * out + 100 * channel + 10 * y + x));
  const std::vector<float> bias{0.5F, 0.25F};
  const Bytes file = hdf5_bytes({.arrays = {{"/layers/conv2d/vars/0", {2, 3, 1, 2}, kernel},
                                            {"/layers/conv2d/vars/1", {2}, bias},
                                            {"/layers/dense/vars/0", {12, 2}, dense},
                                            {"/layers/dense/vars/1", {2}, bias}}},
                                "f");
  const Parameters parameters = parse_weights(file, "f", {.network = network}).parameters;
  EXPECT_EQ(parameters.tensors[0].values, (std::vector<float>{0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15}));
  std::vector<float> expected;
  for (int out = 0; out < 2; ++out)
    for (int channel = 0; channel < 2; ++channel)
      for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 2; ++x) expected.push_back(float(1000 * out + 100 * channel + 10 * y + x));
  EXPECT_EQ(parameters.tensors[2].values, expected);
}

TEST_F(KerasFiles, OfOursAreReadBitForBit) {
  const Parameters trained = golden::parameters("keras/trained.safetensors");
  const WeightsFile model = weights_of(digits_network(), trained);
  for (const KerasKind kind : {KerasKind::weights, KerasKind::archive, KerasKind::legacy}) {
    const Bytes bytes = keras_bytes(kind, model, "f");
    EXPECT_TRUE(looks_like_keras(bytes));
    EXPECT_EQ(keras_kind(bytes), kind);
    const WeightsFile read = parse_weights(bytes, "f");
    EXPECT_EQ(read.network, digits_network());
    EXPECT_EQ(read.parameters, trained);
    EXPECT_EQ(bytes, keras_bytes(kind, model, "f"));
  }
}

TEST_F(KerasFiles, OfOursBringEveryNetwork) {
  for (const golden::NamedNetwork& named : golden::networks()) {
    const Parameters initial = initial_parameters(named.network, 1);
    for (const KerasKind kind : {KerasKind::archive, KerasKind::legacy}) {
      const WeightsFile read = parse_weights(keras_bytes(kind, weights_of(named.network, initial), "f"), "f");
      EXPECT_EQ(read.network, named.network) << named.name;
      EXPECT_EQ(read.parameters, initial) << named.name;
    }
  }
}

TEST_F(KerasFiles, WithWeightsThatAreNotFiniteAreNotWritten) {
  Parameters parameters = zero_parameters(tiny_network());
  parameters.tensors[0].values[1] = NAN;
  try {
    keras_bytes(KerasKind::weights, weights_of(tiny_network(), parameters), "f");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
  }
}

TEST_F(KerasFiles, OfKeras2AreReadByTheOrderOfTheirLayers) {
  // As save_weights() of Keras 2 writes .h5: at the root, named as in the session, without a network.
  const std::vector<float> kernel{0, 1, 2, 3, 4, 5, 6, 7}, bias{0.5F, -0.5F};
  const Hdf5Plan plan{.groups = {"/flatten_3"},
                      .arrays = {{"/dense_7/dense_7/kernel:0", {4, 2}, kernel}, {"/dense_7/dense_7/bias:0", {2}, bias}},
                      .lists = {{"/", "layer_names", {"flatten_3", "dense_7"}}}};
  const WeightsFile read = parse_weights(hdf5_bytes(plan, "f"), "f", {.network = tiny_network()});
  EXPECT_EQ(read.parameters.tensors[0].values, (std::vector<float>{0, 2, 4, 6, 1, 3, 5, 7}));
  EXPECT_EQ(read.parameters.tensors[1].values, bias);
  EXPECT_EQ(refusal(hdf5_bytes(plan, "f")),
            "f: layer_names: another number of layers with weights than the network has (expected 4, got 1)");
}

TEST_F(KerasFiles, OfKeras2Point13HaveAnotherNameForTheLayers) {
  const std::vector<float> kernel(8, 2), bias(2, 1);
  const std::string layers = "/_layer_checkpoint_dependencies/dense/vars/";
  const Bytes file = hdf5_bytes({.arrays = {{layers + '0', {4, 2}, kernel}, {layers + '1', {2}, bias}}}, "f");
  EXPECT_EQ(parse_weights(file, "f", {.network = tiny_network()}).parameters.tensors[1].values, bias);
}

TEST_F(KerasFiles, AreRefusedForAnotherNetwork) {
  EXPECT_EQ(refusal(small_keras(), {.network = digits_network()}),
            "f: network: the file is for another network than network names");
  EXPECT_EQ(refusal(small_weights()), "f: /layers/conv2d/vars/0: wrong shape (expected [3,3,1,32], got [3,3,1,3])");
  EXPECT_EQ(refusal(attack("wrong_shape"), {.network = tiny_network()}),
            "f: /layers/dense/vars/0: wrong shape (expected [4,2], got [2,4])");
  EXPECT_EQ(refusal(attack("missing"), {.network = tiny_network()}), "f: /layers/dense/vars/1: array is missing");
  EXPECT_EQ(refusal(attack("extra"), {.network = tiny_network()}),
            "f: /layers/dense_1/vars/0: the network has no such array");
  EXPECT_EQ(refusal(attack("nan"), {.network = tiny_network()}),
            "f: /layers/dense/vars/0[3]: not a finite number (got nan)");
}

TEST_F(KerasFiles, TellWhatWasConvertedOrIgnored) {
  EXPECT_EQ(parse_weights(attack("double"), "f", {.network = tiny_network()}).notes,
            std::vector<std::string>{"converted 1 array from F64 to F32"});
  EXPECT_EQ(parse_weights(attack("extra"), "f", {.network = tiny_network(), .allow_extra = true}).notes,
            std::vector<std::string>{
                "ignored 1 array that the network has no place for, the first is /layers/dense_1/vars/0"});
}

TEST_F(KerasFiles, ThatAreCutOffAreRefused) {
  Bytes bytes = small_keras();
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(refusal(bytes), "f: zip: the archive's directory is missing");
  bytes = small_legacy();
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(refusal(bytes), "f: HDF5: damaged or cut off: libhdf5 cannot open it");
}

TEST_F(KerasFiles, WithoutAnEntryOfTheirsAreRefused) {
  const Bytes config = golden::unpacked("keras/small/small.keras", "config.json"), weights = small_weights();
  EXPECT_EQ(refusal(zip_bytes(std::vector<ZipContent>{{"config.json", config}}, "f")),
            "f: model.weights.h5: missing in this .keras archive");
  EXPECT_EQ(refusal(zip_bytes(std::vector<ZipContent>{{"model.weights.h5", weights}}, "f")),
            "f: config.json: missing in this .keras archive");
}

}  // namespace
}  // namespace nib
