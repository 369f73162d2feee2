// train() of the library is `nib train`, to the last bit of its file.

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "commands/small_set.h"
#include "nib/nib.hpp"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class LibraryTraining : public testing::Test {
 protected:
  LibraryTraining() { make_file(folder / "network.json", dropout_network); }

  std::string path(const std::string& name) const { return (folder / name).string(); }
  /// On the small set, with a network of which it takes milliseconds.
  Training small() const {
    Training training;
    training.data = path("set");
    training.network = path("network.json");
    training.epochs = 2;
    training.batch = 32;
    return training;
  }
  /// The hash of what the program makes of the same options, in the folder `run`.
  std::string trained_by_program(const std::vector<std::string>& more, const std::string& run = "run") const {
    std::vector<std::string> arguments{"--out", run, "--network", "network.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return value_of(nib(small_training(arguments), folder.path()).output, "weights sha256: ");
  }
  /// The failure of a training whose progress is never told of.
  Error refused_before_it_began(Training training, const std::string& file) {
    training.progress = [](const nib_progress&) -> bool { throw std::logic_error("it trains"); };
    try {
      train(training, file, engine);
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was not refused");
  }

  const SmallSetFolder folder;
  const Engine engine{"cpu", 2};
};

TEST_F(LibraryTraining, GivesTheFileOfTheProgramByteForByte) {
  const std::string hash = trained_by_program({});
  const TrainingResult result = train(small(), path("weights"), engine);
  EXPECT_EQ(result.weights_sha256, hash);
  EXPECT_EQ(contents(folder / "weights"), contents(folder / "run/model.safetensors"));
}

TEST_F(LibraryTraining, HasTheSameBitsWithOtherSettings) {
  Training training = small();
  training.epochs = 1;
  training.batch = 17;
  training.seed = 18'000'000'000'000'000'000U;
  training.limit = 90;
  training.optimizer = "nesterov";
  training.validation_split = 0.25;
  std::vector<std::string> options{"--epochs",
                                   "1",
                                   "--batch",
                                   "17",
                                   "--seed",
                                   "18000000000000000000",
                                   "--limit",
                                   "90",
                                   "--optimizer",
                                   "nesterov",
                                   "--validation-split",
                                   "0.25"};
  const std::string hash = trained_by_program(options);
  EXPECT_EQ(train(training, path("weights"), engine).weights_sha256, hash);
  EXPECT_EQ(contents(folder / "weights"), contents(folder / "run/model.safetensors"));

  training.weights = path("run");
  training.learning_rate = 0.02;
  options.insert(options.end(), {"--weights", "run", "--learning-rate", "0.02"});
  const std::string next = trained_by_program(options, "next");
  EXPECT_EQ(train(training, path("weights"), engine).weights_sha256, next);
  EXPECT_NE(next, hash);
}

TEST_F(LibraryTraining, TellsTheFiguresOfTheRun) {
  const TrainingResult result = train(small(), path("weights"), engine);
  trained_by_program({});
  const std::string history = contents(folder / "run/history.csv");
  const std::string last = history.substr(history.rfind('\n', history.size() - 2) + 1);
  double accuracy = 0, loss = 0, validation_accuracy = 0, validation_loss = 0;
  ASSERT_EQ(std::sscanf(last.c_str(), "2,%lf,%lf,%lf,%lf", &accuracy, &loss, &validation_accuracy, &validation_loss),
            4);
  EXPECT_NEAR(result.training_accuracy, accuracy, 1e-8);
  EXPECT_NEAR(result.training_loss, loss, 1e-7);
  EXPECT_NEAR(result.validation_accuracy, validation_accuracy, 1e-8);
  EXPECT_NEAR(result.validation_loss, validation_loss, 1e-7);
  const std::string tested = nib({"evaluate", "run", "--data", "set"}, folder.path()).output;
  EXPECT_EQ(value_of(tested, "Test accuracy: "),
            std::to_string(result.test_accuracy).substr(0, 6) + " (" +
                std::to_string(std::lround(result.test_accuracy * small_test_images)) + " of 100)");
  EXPECT_THAT(result.warnings, Each(HasSubstr("score")));  // of so few images there is none
}

TEST_F(LibraryTraining, WithoutValidationThoseFiguresAreNone) {
  Training training = small();
  training.validation_split = 0;
  const TrainingResult result = train(training, path("weights"), engine);
  EXPECT_THAT(result.validation_accuracy, testing::IsNan());
  EXPECT_THAT(result.validation_loss, testing::IsNan());
  EXPECT_GT(result.test_loss, 0);
}

TEST_F(LibraryTraining, TellsWhereItStands) {
  Training training = small();
  std::vector<std::uint32_t> ended;
  std::uint64_t steps = 0;
  training.progress = [&](const nib_progress& progress) {
    EXPECT_EQ(progress.epochs, 2U);
    EXPECT_EQ(progress.steps, 5U);  // 135 images in batches of 32
    EXPECT_EQ(progress.learning_rate, 0.001);
    EXPECT_GT(progress.loss, 0);
    if (!progress.epoch_ended) {
      steps = (progress.epoch - 1) * progress.steps + progress.step;
      EXPECT_THAT(progress.validation_loss, testing::IsNan());
      return true;
    }
    EXPECT_EQ(progress.step, 5U);
    EXPECT_GT(progress.validation_loss, 0);
    ended.push_back(progress.epoch);
    return true;
  };
  train(training, path("weights"), engine);
  EXPECT_THAT(ended, ElementsAre(1, 2));
  EXPECT_EQ(steps, 10U);
}

TEST_F(LibraryTraining, StopsWhereItsCallerWantsAndLeavesTheFileAlone) {
  make_file(folder / "weights", "as before");
  Training training = small();
  for (const std::uint32_t epoch : {1U, 2U}) {  // behind the last epoch, too
    int calls_since = 0;
    bool said = false;
    training.progress = [&](const nib_progress& progress) {
      calls_since += said;
      said = said || (progress.epoch_ended != 0 && progress.epoch == epoch);
      return !said;
    };
    try {
      train(training, path("weights"), engine);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), NIB_STOPPED);
      EXPECT_EQ(std::string(error.what()),
                "training: stopped by the progress function in epoch " + std::to_string(epoch) + " of 2, step 5 of 5");
    }
    EXPECT_EQ(calls_since, 0);
  }
  EXPECT_EQ(contents(folder / "weights"), "as before");
  EXPECT_THAT(folder.names(), ElementsAre("network.json", "set", "weights"));
}

TEST_F(LibraryTraining, WhatTheProgressThrowsReachesItsCaller) {
  Training training = small();
  training.progress = [](const nib_progress&) -> bool { throw std::out_of_range("of the caller's own"); };
  EXPECT_THROW(train(training, path("weights"), engine), std::out_of_range);
  EXPECT_THAT(folder.names(), ElementsAre("network.json", "set"));
}

TEST_F(LibraryTraining, FindsBeforeItBeginsThatTheWeightsCannotBeWritten) {
  EXPECT_EQ(std::string(refused_before_it_began(small(), folder.path().string()).what()),
            folder.path().string() + ": is a folder (expected a file for the weights)");
  EXPECT_EQ(refused_before_it_began(small(), path("nowhere/weights")).status(), NIB_IO);
  const Error input = refused_before_it_began(small(), path("set/train-images-idx3-ubyte"));
  EXPECT_EQ(input.status(), NIB_USAGE);
  EXPECT_THAT(input.what(), HasSubstr("is an input of this training"));
  EXPECT_THAT(refused_before_it_began(small(), path("network.json")).what(), HasSubstr("is an input of this training"));
}

TEST_F(LibraryTraining, SaysWhatIsWrongWithItsInputs) {
  Training training = small();
  training.data = path("sett");
  EXPECT_THAT(refused_before_it_began(training, path("weights")).what(), StartsWith("data " + path("sett") + ": "));
  training = small();
  make_file(folder / "broken.json", R"({"input": [28, 28, 1], "layers": []})");
  training.network = path("broken.json");
  const Error error = refused_before_it_began(training, path("weights"));
  EXPECT_EQ(error.status(), NIB_BAD_INPUT);
  EXPECT_THAT(error.what(), StartsWith(path("broken.json") + ": layers: "));
}

TEST_F(LibraryTraining, NumbersThatOverflowEndIt) {
  Training training = small();
  training.network.clear();  // the digits network, of several layers
  training.learning_rate = 1e30;
  try {
    train(training, path("weights"), engine);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), NIB_NUMERIC);
    EXPECT_THAT(error.what(), AllOf(StartsWith("training: step "), HasSubstr("is not finite")));
    EXPECT_EQ(error.hint(), "a smaller learning rate may help");
  }
  EXPECT_THAT(folder.names(), ElementsAre("network.json", "set"));
}

TEST_F(LibraryTraining, MayBeRunAgain) {
  nib_training* training = nullptr;
  ASSERT_EQ(nib_training_new(engine.handle(), &training), NIB_OK);
  ASSERT_EQ(nib_training_set_data(training, path("set").c_str()), NIB_OK);
  ASSERT_EQ(nib_training_set_network(training, path("network.json").c_str()), NIB_OK);
  ASSERT_EQ(nib_training_set_epochs(training, 1), NIB_OK);
  EXPECT_STREQ(nib_training_weights_sha256(training), "");
  EXPECT_THAT(nib_training_figure(training, NIB_TEST_ACCURACY), testing::IsNan());
  ASSERT_EQ(nib_training_run(training, path("weights").c_str()), NIB_OK);
  const std::string first = nib_training_weights_sha256(training);
  EXPECT_EQ(first.size(), 64U);
  ASSERT_EQ(nib_training_run(training, path("again").c_str()), NIB_OK);
  EXPECT_EQ(nib_training_weights_sha256(training), first);
  EXPECT_EQ(contents(folder / "again"), contents(folder / "weights"));
  ASSERT_EQ(nib_training_set_data(training, path("nowhere").c_str()), NIB_OK);
  EXPECT_EQ(nib_training_run(training, path("again").c_str()), NIB_IO);
  EXPECT_EQ(nib_training_weights_sha256(training), first) << "of the last run that got to its end";
  nib_training_free(training);
}

TEST_F(LibraryTraining, ItsFileIsOneForAClassifier) {
  train(small(), path("weights"), engine);
  Classifier classifier(path("weights"), engine);
  EXPECT_EQ(classifier.classes(), 10U);
  EXPECT_THAT(classifier.probabilities(std::vector<std::uint8_t>(784)), Each(testing::Gt(0)));
}

}  // namespace
}  // namespace nib
