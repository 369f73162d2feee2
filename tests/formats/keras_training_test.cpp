#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "encodings/json.h"
#include "encodings/zip.h"
#include "formats/keras/keras.h"
#include "formats/tiny_file.h"
#include "hdf5/hdf5_file.h"
#include "support/golden.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

using Bytes = std::vector<std::uint8_t>;

Bytes small_keras() { return read_file(golden::path("keras/small/small.keras"), 1 << 20); }

Bytes entry_of_small_keras(const std::string& name) { return golden::unpacked("keras/small/small.keras", name); }

/// Real Keras's small model with its configuration changed.
Bytes with_config(const std::function<void(Json&)>& change) {
  const Bytes weights = entry_of_small_keras("model.weights.h5"), text = entry_of_small_keras("config.json");
  Json config = parse_json({reinterpret_cast<const char*>(text.data()), text.size()}, "f", 32);
  change(config);
  const std::string changed = json_line(config);
  const std::vector<ZipContent> files{
      {"config.json", {reinterpret_cast<const std::uint8_t*>(changed.data()), changed.size()}},
      {"model.weights.h5", weights}};
  return zip_bytes(files, "f");
}

std::string refusal(const Bytes& bytes) {
  try {
    read_keras_training(bytes, "f");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

/// Real Keras's small model with the first two moments in each other's place.
Bytes with_moments_swapped() {
  const std::string one = "/optimizer/vars/3", other = "/optimizer/vars/4";
  const Hdf5Content content = read_hdf5(entry_of_small_keras("model.weights.h5"), {}, {}, "f");
  Hdf5Plan plan;
  for (const Hdf5Array& array : content.arrays) {
    const std::string path = array.path == one ? other : array.path == other ? one : array.path;
    if (array.whole.empty())
      plan.arrays.push_back({path, array.shape, array.values});
    else
      plan.scalars.push_back({path, array.whole.front()});
  }
  const Bytes config = entry_of_small_keras("config.json"), weights = hdf5_bytes(plan, "f");
  return zip_bytes(std::vector<ZipContent>{{"config.json", config}, {"model.weights.h5", weights}}, "f");
}

class KerasTrainingTest : public testing::Test {
 protected:
  void SetUp() override {
    if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  }
};

TEST_F(KerasTrainingTest, IsTakenOverFromRealKeras) {
  const WeightsFile model = read_keras_training(small_keras(), "f");
  ASSERT_TRUE(model.training);
  EXPECT_EQ(model.training->step, 300u);
  EXPECT_EQ(model.training->learning_rate, 0.001);
  ASSERT_EQ(model.training->moments[0].values.tensors.size(), model.parameters.tensors.size());
  EXPECT_EQ(model.training->moments[1].values.tensors[0].shape, model.parameters.tensors[0].shape);
  EXPECT_NE(model.training->moments[0].values, zero_parameters(model.network));
}

TEST_F(KerasTrainingTest, IsReadAsWeWroteIt) {
  const WeightsFile model = read_keras_training(small_keras(), "f");
  const WeightsFile again = read_keras_training(keras_bytes(KerasKind::archive, model, "f"), "f");
  EXPECT_EQ(again.parameters, model.parameters);
  EXPECT_EQ(again.training->moments, model.training->moments);
  EXPECT_EQ(again.training->step, model.training->step);
  EXPECT_EQ(again.training->learning_rate, model.training->learning_rate);
}

/// Every optimizer's state, clipped and with a mean, which Keras keeps before all else.
TEST_F(KerasTrainingTest, IsReadAsWeWroteItOfEveryOptimizer) {
  WeightsFile model;
  model.network = tiny_network();
  model.parameters = zero_parameters(tiny_network());
  for (const NamedOptimizer& each : named_optimizers()) {
    SCOPED_TRACE(each.name);
    OptimizerState training{.optimizer = each.optimizer, .step = 7, .learning_rate = 0.25};
    training.optimizer.weight_decay = 0;  // Keras's is another
    training.optimizer.clip_norm = 1.5;
    training.optimizer.l2 = 0.001;
    training.optimizer.average = 0.75;
    float number = 0;
    for (const std::string& name : moment_names(training.optimizer)) {
      training.moments.push_back({name, zero_parameters(tiny_network())});
      for (Tensor& tensor : training.moments.back().values.tensors)
        for (float& value : tensor.values) value = number += 0.5f;
    }
    model.training = training;
    const WeightsFile again = read_keras_training(keras_bytes(KerasKind::archive, model, "f"), "f");
    ASSERT_TRUE(again.training);
    EXPECT_EQ(again.training->optimizer, training.optimizer);
    EXPECT_TRUE(again.training->moments == training.moments);
    EXPECT_EQ(again.training->step, 7u);
    EXPECT_EQ(again.training->learning_rate, 0.25);
  }
}

TEST_F(KerasTrainingTest, IsRefusedWithOtherSettingsThanNibTrainsWith) {
  const auto refused = [](const std::function<void(Json&)>& change) {
    return refusal(with_config([&](Json& config) { change(config["compile_config"]); }));
  };
  const auto adam = [](Json& compiled) -> Json& { return compiled["optimizer"]["config"]; };
  const std::string at = "f: config.json: compile_config.";
  EXPECT_EQ(refused([](Json&) {}), "none");
  EXPECT_EQ(refused([](Json& compiled) { compiled["optimizer"]["class_name"] = "Nadam"; }),
            at + "optimizer.class_name: nib trains with other optimizers (expected Adam, SGD or RMSprop, got Nadam)");
  EXPECT_EQ(refused([&](Json& compiled) { adam(compiled)["beta_1"] = 0.5; }),
            at + "optimizer.config.beta_1: nib trains with another setting (expected 0.9, got 0.5)");
  EXPECT_EQ(refused([&](Json& compiled) { adam(compiled)["clipnorm"] = 1.0; }),
            at + "optimizer.config.clipnorm: nib's optimizers have no such setting (expected null, got 1.0)");
  EXPECT_EQ(refused([&](Json& compiled) { adam(compiled)["weight_decay"] = 0.004; }),
            at + "optimizer.config.weight_decay: nib leaves biases out of the weight decay, Keras does not "
                 "(expected null, got 0.004)");
  EXPECT_EQ(refused([](Json& compiled) { compiled["optimizer"]["class_name"] = "SGD"; }),
            "f: model.weights.h5: /optimizer/vars/2: more state than the optimizer has");
  EXPECT_EQ(
      refused([&](Json& compiled) { adam(compiled)["learning_rate"] = Json::object(); }),
      at + "optimizer.config.learning_rate: a training with a schedule of Keras cannot go on here (expected a number, "
           "got a schedule)");
  EXPECT_EQ(refused([&](Json& compiled) {
              adam(compiled)["learning_rate"] = {{"class_name", "CosineDecay"}};
            }),
            at + "optimizer.config.learning_rate: a training with a schedule of Keras cannot go on here (expected a "
                 "number, got CosineDecay)");
  EXPECT_EQ(refused([](Json& compiled) { compiled["loss"] = "mse"; }),
            at + "loss: nib trains with another loss (expected categorical_crossentropy or "
                 "sparse_categorical_crossentropy, got mse)");
  const auto penalized = [](const char* key, const Json& regularizer) {
    return refusal(with_config([&](Json& config) {
      Json::Array layers = config["config"]["layers"].items();
      const auto first =
          std::ranges::find_if(layers, [](const Json& each) { return each["class_name"].text() == "Conv2D"; });
      (*first)["config"][key] = regularizer;
      config["config"]["layers"] = Json(std::move(layers));
    }));
  };
  const std::string layer = "f: config.json: config.layers[";
  const Json l2 = {{"class_name", "L2"}, {"config", {{"l2", 0.01}}}};
  EXPECT_THAT(penalized("kernel_regularizer", l2),
              AllOf(StartsWith(layer), EndsWith("].config: nib's penalty is that of all layers (expected L2 of 0.01, "
                                                "got L2 of 0)")));
  EXPECT_THAT(penalized("kernel_regularizer", {{"class_name", "L1"}}),
              EndsWith("].config.kernel_regularizer.class_name: nib has another penalty (expected L2, got L1)"));
  EXPECT_THAT(penalized("bias_regularizer", l2), HasSubstr("].config.bias_regularizer: nib's penalty is of kernels "));
  EXPECT_EQ(refused([](Json& compiled) { compiled = Json(); }),
            "f: config.json: compile_config: missing: the model was saved without its training");
}

TEST_F(KerasTrainingTest, IsRefusedWhereTheStateIsMissing) {
  WeightsFile model;
  model.network = tiny_network();
  model.parameters = zero_parameters(tiny_network());
  EXPECT_EQ(refusal(keras_bytes(KerasKind::archive, model, "f")),
            "f: config.json: compile_config: missing: the model was saved without its training");
  EXPECT_EQ(refusal(keras_bytes(KerasKind::weights, model, "f")),
            "f: no .keras archive: a training goes on from one alone");
}

TEST_F(KerasTrainingTest, IsRefusedWithMomentsInAnotherOrder) {
  EXPECT_EQ(refusal(with_moments_swapped()),
            "f: model.weights.h5: /optimizer/vars/3: wrong shape (expected [3,3,1,3], got [3])");
}

}  // namespace
}  // namespace nib
