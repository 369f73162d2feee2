// Runs with other optimizers than Adam: what they tell and leave, and that they go on from anywhere.

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "formats/checkpoint.h"
#include "formats/weights.h"
#include "hdf5/hdf5_file.h"
#include "runs/made_run.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class OptimizedRun : public testing::Test {
 protected:
  OptimizedRun() { make_file(folder / "net.json", dropout_network); }

  /// Two epochs of 34 steps, without what is given.
  Ending train(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"train", "--data",   "set", "--network", "net.json", "--device",
                                          "cpu",   "--out",    out,   "--batch",   "4",        "--threads",
                                          "1",     "--epochs", "2",   "--force",   "--quiet",  "--no-pictures"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }

  const SmallSetFolder folder{};
};

struct Asked {
  const char* name;
  std::vector<std::string> beside;
  double rate;
  std::vector<std::string> moments;
};

const std::vector<Asked>& every_optimizer() {
  static const std::vector<Asked> all = {
      {"adam", {"--clip-norm", "0.5"}, 0.001, {"adam.m", "adam.v"}},
      {"adamw", {"--schedule", "cosine"}, 0.001, {"adam.m", "adam.v"}},
      {"amsgrad", {"--schedule", "exponential", "--ema", "0.9"}, 0.001, {"adam.m", "adam.v", "adam.u", "average"}},
      {"sgd", {"--schedule", "one-cycle", "--weight-decay", "0.25"}, 0.01, {}},
      {"momentum", {"--schedule", "step", "--clip-norm", "1"}, 0.01, {"sgd.m"}},
      {"nesterov", {"--schedule", "warmup-cosine", "--ema", "0.75", "--l2", "0.01"}, 0.01, {"sgd.m", "average"}},
      {"rmsprop",
       {"--reduce-on-plateau", "1", "--plateau-min-delta", "100", "--clip-norm", "0.25", "--weight-decay", "0.5"},
       0.001,
       {"rmsprop.v"}}};
  return all;
}

TEST_F(OptimizedRun, GoesOnFromAnyCutInTheSameBits) {
  std::vector<std::string> hashes;
  for (const Asked& asked : every_optimizer()) {
    SCOPED_TRACE(asked.name);
    const std::string whole = asked.name;
    std::vector<std::string> how = {"--optimizer", asked.name, "--save-every", "12", "--keep", "20"};
    how.insert(how.end(), asked.beside.begin(), asked.beside.end());
    const Ending ending = train(whole, how);
    ASSERT_EQ(ending.code, 0) << ending.errors;
    const json configuration = record(whole)["configuration"];
    EXPECT_EQ(configuration["learning_rate"], asked.rate);
    EXPECT_EQ(configuration.value("optimizer", "adam"), asked.name);
    hashes.push_back(record(whole)["weights_sha256"]);
    std::vector<std::string> moments;
    for (const Moment& moment : read_checkpoint(folder / (whole + "/checkpoint-68.safetensors")).moments)
      moments.push_back(moment.name);
    EXPECT_EQ(moments, asked.moments);
    for (const int cut : {12, 24, 34, 48, 60}) {
      const std::string file = whole + "/checkpoint-" + std::to_string(cut) + ".safetensors";
      const Ending resumed = run({"train", "--resume", file, "--out", "cut", "--force", "--quiet", "--no-pictures"});
      ASSERT_EQ(resumed.code, 0) << resumed.errors;
      EXPECT_EQ(record("cut")["weights_sha256"], hashes.back()) << cut;
      for (const char* const key : {"optimizer", "l2", "weight_decay", "clip_norm", "ema", "learning_rate"})
        EXPECT_EQ(record("cut")["configuration"].value(key, json()), configuration.value(key, json())) << key;
    }
  }
  std::ranges::sort(hashes);
  EXPECT_EQ(std::ranges::adjacent_find(hashes), hashes.end()) << "each optimizer makes weights of its own";
}

TEST_F(OptimizedRun, TellsItsOptimizerAndRate) {
  const Ending ending = run(small_training({"--optimizer", "adamw", "--clip-norm", "2", "--out", "one"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr(", optimizer adamw, weight decay 0.004, clip norm 2, learning rate 0.001,"));
  const json configuration = record("one")["configuration"];
  EXPECT_EQ(configuration["weight_decay"], 0.004);
  EXPECT_EQ(configuration["clip_norm"], 2);
  EXPECT_FALSE(configuration.contains("ema"));
  EXPECT_THAT(record("one")["command"].get<std::string>(), HasSubstr(" --optimizer adamw --clip-norm 2"));
  const Ending usual = run(small_training({"--out", "two"}));
  EXPECT_THAT(usual.output, HasSubstr(", learning rate 0.001,"));
  EXPECT_THAT(usual.output, Not(HasSubstr("optimizer")));
  EXPECT_FALSE(record("two")["configuration"].contains("optimizer"));
}

/// The sum of the squares of all kernels, not of biases.
double squares_of(const Parameters& parameters) {
  double sum = 0;
  for (const Tensor& tensor : parameters.tensors)
    for (const float value : tensor.values)
      if (tensor.shape.size() > 1) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// nib evaluate does not know of it.
TEST_F(OptimizedRun, HasThePenaltyInTheLossOfTestAndValidation) {
  const Ending ending = run(small_training({"--l2", "0.25", "--out", "one"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr(", optimizer adam, L2 penalty 0.25, learning rate 0.001,"));
  EXPECT_THAT(ending.output,
              HasSubstr("Loss: with 0.25 times the sum of the squares of all weights, also in validation and test\n"));
  const json told = record("one");
  EXPECT_EQ(told["configuration"]["l2"], 0.25);
  EXPECT_THAT(told["command"].get<std::string>(), HasSubstr(" --l2 0.25"));
  const double penalty = 0.25 * squares_of(read_weights(folder / "one/model.safetensors").parameters);
  EXPECT_GT(penalty, 0.1);
  const Ending evaluated = run({"evaluate", "one", "--json", "--device", "cpu"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.errors;
  const double plain = json::parse(evaluated.output)["test"]["loss"];
  EXPECT_NEAR(told["test"]["loss"].get<double>(), plain + penalty, 1e-9 * (plain + penalty));
  EXPECT_GT(told["history"]["val_loss"].back().get<double>(), penalty);
  EXPECT_GT(told["history"]["loss"].back().get<double>(), penalty);
  const Ending reported = run({"report", "one"});
  EXPECT_EQ(reported.code, 0) << reported.errors;

  ASSERT_EQ(run(small_training({"--l2", "0", "--out", "none"})).code, 0);
  EXPECT_FALSE(record("none")["configuration"].contains("l2"));
}

TEST_F(OptimizedRun, RefusesRecordsWhosePenaltyOrLossCannotBe) {
  ASSERT_EQ(train("run", {"--l2", "0.25"}).code, 0);
  const json before = record("run");
  const auto refused = [&](const std::function<void(json&)>& change) {
    json changed = before;
    change(changed);
    make_file(folder / "run/run.json", sealed_text(changed.dump()));
    const Ending ending = run({"report", "run"});
    EXPECT_EQ(ending.code, 3);
    return ending.errors;
  };
  EXPECT_THAT(refused([](json& changed) { changed["configuration"]["l2"] = -1; }),
              HasSubstr("run/run.json: configuration.l2: out of range (expected between 0 and 1000"));
  EXPECT_THAT(refused([](json& changed) { changed["test"]["loss"] = 0.001; }),
              HasSubstr("their mean loss is another than in run.json"));
}

TEST_F(OptimizedRun, GoesOnWithItsOwnOnly) {
  ASSERT_EQ(train("run", {"--optimizer", "sgd"}).code, 0);
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--epochs", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 2);
    return ending.errors;
  };
  EXPECT_THAT(refused({"--optimizer", "adam"}),
              HasSubstr("--optimizer: the run to resume has another one (expected \"sgd\", got \"adam\")"));
  EXPECT_THAT(refused({"--l2", "0.1"}), HasSubstr("--l2: the run to resume has another one (expected 0, got 0.1)"));
  EXPECT_THAT(refused({"--weight-decay", "0.1"}), HasSubstr("--weight-decay: the run to resume has another one"));
  EXPECT_THAT(refused({"--clip-norm", "1"}), HasSubstr("--clip-norm: the run to resume has another one"));
  EXPECT_THAT(refused({"--ema", "0.5"}),
              HasSubstr("--ema: the run to resume has another one (expected none, got 0.5)"));
  EXPECT_EQ(run({"train", "--resume", "run", "--epochs", "3", "--optimizer", "sgd", "--no-pictures"}).code, 0);
}

TEST_F(OptimizedRun, EndsWithTheMeansOfItsWeights) {
  ASSERT_EQ(train("run", {"--optimizer", "momentum", "--ema", "0.9"}).code, 0);
  const Ending told = run(small_training({"--optimizer", "sgd", "--ema", "0.9", "--out", "told"}));
  EXPECT_THAT(told.output, HasSubstr("Tested weights: means over the steps, up to the end of epoch 2\n"));
  const CheckpointFile end = read_checkpoint(folder / "run/checkpoint.safetensors");
  const Parameters model = read_weights(folder / "run/model.safetensors", {.network = end.model.network}).parameters;
  EXPECT_TRUE(model == end.moments.back().values);
  EXPECT_FALSE(model == end.model.parameters);
  const Ending ending = run({"evaluate", "run", "--json", "--device", "cpu"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(json::parse(ending.output)["test"]["loss"], record("run")["test"]["loss"]);
  EXPECT_EQ(run({"report", "run"}).code, 0);
}

TEST_F(OptimizedRun, GoesThroughAFileOfKerasAndBack) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  ASSERT_EQ(train("run", {"--optimizer", "nesterov", "--l2", "0.01", "--clip-norm", "3", "--ema", "0.5"}).code, 0);
  ASSERT_EQ(run({"convert", "run/checkpoint.safetensors", "run.keras"}).code, 0);
  const Ending ending = train("on", {"--resume", "run.keras"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json configuration = record("on")["configuration"];
  EXPECT_EQ(configuration["optimizer"], "nesterov");
  EXPECT_EQ(configuration["l2"], 0.01);
  EXPECT_EQ(configuration["clip_norm"], 3);
  EXPECT_EQ(configuration["ema"], 0.5);
  EXPECT_EQ(configuration["learning_rate"], 0.01);
  EXPECT_THAT(
      train("other", {"--resume", "run.keras", "--optimizer", "sgd"}).errors,
      HasSubstr(
          "--optimizer: the run to resume has another one (expected nesterov, L2 penalty 0.01, clip norm 3, ema 0.5"));

  ASSERT_EQ(train("decayed", {"--optimizer", "adamw"}).code, 0);
  const Ending converted = run({"convert", "decayed/checkpoint.safetensors", "decayed.keras"});
  EXPECT_EQ(converted.code, 0);
  EXPECT_THAT(converted.errors, HasSubstr("without the optimizer's state: Keras's weight decay takes biases"));
}

TEST_F(OptimizedRun, RefusesWhatItHasNot) {
  EXPECT_THAT(train("run", {"--optimizer", "nadam"}).errors, HasSubstr("--optimizer"));
  EXPECT_EQ(train("run", {"--optimizer", "nadam"}).code, 2);
  EXPECT_EQ(train("run", {"--clip-norm", "0"}).code, 2);
  EXPECT_EQ(train("run", {"--ema", "1"}).code, 2);
  EXPECT_EQ(train("run", {"--weight-decay", "-1"}).code, 2);
  EXPECT_EQ(train("run", {"--l2", "-0.1"}).code, 2);
  EXPECT_EQ(train("run", {"--l2", "1001"}).code, 2);
}

}  // namespace
}  // namespace nib
