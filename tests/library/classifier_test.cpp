// A classifier answers as `nib predict` does, to the last bit.

#include <gmock/gmock.h>

#include <atomic>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "commands/program.h"
#include "library/bars.h"
#include "nib/nib.hpp"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LibraryClassifier : public testing::Test {
 protected:
  LibraryClassifier() {
    write_bars(folder / "one.pgm", {80});
    write_bars(folder / "two.pgm", {50, 130});
  }
  /// What the program says of a picture.
  json predicted(const std::string& picture) const {
    return json::parse(nib({"predict", trained_weights(), picture, "--json"}, folder.path()).output)["images"][0];
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }

  const TemporaryFolder folder;
  const Engine engine{"cpu", 2};
  Classifier classifier{trained_weights(), engine};
};

TEST_F(LibraryClassifier, TellsWhatItIs) {
  EXPECT_EQ(classifier.rows(), 28U);
  EXPECT_EQ(classifier.columns(), 28U);
  EXPECT_EQ(classifier.classes(), 10U);
  EXPECT_EQ(classifier.class_name(7), "7");
  EXPECT_THAT(classifier.device(), HasSubstr("cpu, "));
  EXPECT_THAT(classifier.warnings(), IsEmpty());
}

TEST_F(LibraryClassifier, ReadsAPictureAsTheProgramDoes) {
  const Prediction prediction = classifier.predict(path("one.pgm"));
  const json expected = predicted("one.pgm");
  EXPECT_EQ(prediction.class_index, 1U);
  EXPECT_EQ(prediction.class_name, "1");
  EXPECT_THAT(prediction.warnings, IsEmpty());
  ASSERT_THAT(prediction.probabilities, SizeIs(10));
  EXPECT_EQ(prediction.probability(), expected["top"][0]["probability"].get<float>());
  for (const json& likely : expected["top"])
    EXPECT_EQ(prediction.probabilities[likely["class"].get<std::size_t>()], likely["probability"].get<float>());
}

TEST_F(LibraryClassifier, WarnsAsTheProgramDoesAndNamesWhatOnlyThatCan) {
  EXPECT_THAT(predicted("two.pgm")["warnings"][0].get<std::string>(), HasSubstr("(--several reads them all)"));
  EXPECT_THAT(classifier.predict(path("two.pgm")).warnings,
              ElementsAre("looks like more than one digit: the largest is taken (the program's --several reads them "
                          "all)"));
}

TEST_F(LibraryClassifier, WhatTheNetworkSawHasTheSameAnswer) {
  const Prediction prediction = classifier.predict(path("one.pgm"));
  EXPECT_THAT(prediction.pixels, SizeIs(784));
  EXPECT_EQ(classifier.probabilities(prediction.pixels), prediction.probabilities);
}

TEST_F(LibraryClassifier, ReadsAFileThatIsInMemory) {
  const std::string text = contents(folder / "one.pgm");
  const Prediction prediction = classifier.predict({text.begin(), text.end()}, "a bar");
  EXPECT_EQ(prediction.probabilities, classifier.predict(path("one.pgm")).probabilities);
  try {
    classifier.predict({'P', '5', '\n'}, "three bytes");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), NIB_BAD_INPUT);
    EXPECT_THAT(error.what(), testing::StartsWith("three bytes: "));
  }
}

TEST_F(LibraryClassifier, AnswersForManyImagesAreThoseForEach) {
  std::vector<std::uint8_t> one = pixels_of_a_one(), blank(784), both = one;
  both.insert(both.end(), blank.begin(), blank.end());
  std::vector<float> expected = classifier.probabilities(one);
  const std::vector<float> second = classifier.probabilities(blank);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(classifier.probabilities(both), expected);
  EXPECT_GT(expected[1], 0.9F);
}

TEST_F(LibraryClassifier, RefusesSizesThatDoNotFit) {
  nib_classifier* made = nullptr;
  ASSERT_EQ(nib_classifier_new(engine.handle(), trained_weights().c_str(), &made), NIB_OK);
  const std::vector<std::uint8_t> pixels(784);
  std::vector<float> probabilities(10);
  EXPECT_EQ(nib_classifier_probabilities(made, pixels.data(), 783, probabilities.data(), 10), NIB_USAGE);
  EXPECT_STREQ(nib_last_error(),
               "nib_classifier_probabilities: pixel_count: no whole images of the network's size (expected a multiple "
               "of 784 (28 rows of 28), got 783)");
  EXPECT_EQ(nib_classifier_probabilities(made, /* as an empty vector has it */ nullptr, 0, nullptr, 0), NIB_USAGE);
  EXPECT_THAT(nib_last_error(), testing::HasSubstr("pixel_count: no whole images"));
  EXPECT_EQ(nib_classifier_probabilities(made, nullptr, 784, probabilities.data(), 10), NIB_USAGE);
  EXPECT_STREQ(nib_last_error(), "nib_classifier_probabilities: pixels: is NULL");
  EXPECT_EQ(nib_classifier_probabilities(made, pixels.data(), 784, probabilities.data(), 9), NIB_USAGE);
  EXPECT_STREQ(nib_last_error(),
               "nib_classifier_probabilities: probability_count: not one for each image and class (expected 10, got "
               "9)");
  EXPECT_EQ(nib_classifier_class_name(made, 10), nullptr);
  EXPECT_STREQ(nib_last_error(), "nib_classifier_class_name: class_index: no such class (expected 0 to 9, got 10)");
  nib_classifier_free(made);
  EXPECT_THROW(classifier.probabilities({1, 2, 3}), Error);
}

// HDF5 is read in a child process, a copy of this one but for its other threads.
TEST_F(LibraryClassifier, OpensWeightsOfKerasBesideAThreadThatComputes) {
  const std::string keras = NIB_GOLDEN "/keras/small/small.keras";
  try {
    Classifier(keras, engine);
  } catch (const Error& error) {
    if (std::string(error.what()).find("without libhdf5") != std::string::npos) GTEST_SKIP() << error.what();
    throw;
  }
  std::atomic<bool> done{false};
  std::thread other([&] {
    const std::vector<std::uint8_t> one = pixels_of_a_one();
    const std::vector<float> expected = classifier.probabilities(one);
    while (!done) EXPECT_EQ(classifier.probabilities(one), expected);
  });
  std::vector<float> first;
  for (int i = 0; i < 10; ++i) {
    Classifier small(keras, engine);
    const std::vector<float> answer =
        small.probabilities(std::vector<std::uint8_t>(std::size_t{small.rows()} * small.columns(), 100));
    if (first.empty()) first = answer;
    EXPECT_EQ(answer, first);
  }
  done = true;
  other.join();
  EXPECT_THAT(first, SizeIs(Classifier(keras, engine).classes()));
}

TEST_F(LibraryClassifier, SaysWhatIsWrongWithAFile) {
  make_file(folder / "text.png", "Dear reader, this is not a picture.\n");
  for (const auto& [file, status] :
       {std::pair{"nothing.png", NIB_IO}, {"text.png", NIB_BAD_INPUT}, {".", NIB_BAD_INPUT}}) {
    try {
      classifier.predict(path(file));
      FAIL() << file;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), status) << error.what();
      EXPECT_THAT(error.what(), testing::StartsWith(path(file) + ": "));
    }
  }
  EXPECT_EQ(classifier.predict(path("one.pgm")).class_index, 1U);  // a failure changes nothing
}

}  // namespace
}  // namespace nib
