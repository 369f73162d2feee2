// What holds for every call: nothing crosses the border but statuses and texts, and a host notices nothing else.

#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "library/bars.h"
#include "nib/nib.hpp"

namespace nib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(LibraryVersion, IsThatOfTheHeader) {
  EXPECT_EQ(nib_abi(), std::uint32_t{NIB_ABI});
  EXPECT_STREQ(nib_version(), NIB_VERSION);
}

TEST(LibraryVersion, CallersOfAnotherInterfaceAreRefused) {
  for (const std::uint32_t other : {0U, NIB_ABI + 1U}) {
    nib_engine* engine = nullptr;
    EXPECT_EQ(nib_engine_new(other, "cpu", 1, &engine), NIB_USAGE);
    EXPECT_EQ(engine, nullptr);
    EXPECT_EQ(std::string(nib_last_error()),
              "libnib " NIB_VERSION
              ": the caller was compiled for another version of nib's interface (expected NIB_ABI 1, got " +
                  std::to_string(other) + ")");
    EXPECT_THAT(nib_last_hint(), HasSubstr("nib.h"));
  }
}

/// The text of a failure with this status.
std::string refused(nib_status status, nib_status expected = NIB_USAGE) {
  EXPECT_EQ(status, expected) << nib_last_error();
  return nib_last_error();
}

class LibraryCalls : public testing::Test {
 protected:
  const Engine engine{"cpu", 1};
  nib_classifier* classifier = nullptr;
  nib_prediction* prediction = nullptr;
  nib_training* training = nullptr;
  std::vector<unsigned char> pixels = pixels_of_a_one();
  std::array<float, 10> probabilities{};
};

TEST_F(LibraryCalls, NullIsRefusedByNameWhereSomethingIsNeeded) {
  const nib_engine* const made = engine.handle();
  nib_classifier* const no_classifier = nullptr;
  nib_training* const no_training = nullptr;
  EXPECT_EQ(refused(nib_engine_new(NIB_ABI, nullptr, 1, nullptr)), "nib_engine_new: engine: is NULL");
  EXPECT_EQ(refused(nib_classifier_new(nullptr, "a", &classifier)), "nib_classifier_new: engine: is NULL");
  EXPECT_EQ(refused(nib_classifier_new(made, nullptr, &classifier)), "nib_classifier_new: weights: is NULL");
  EXPECT_EQ(refused(nib_classifier_new(made, "", &classifier)), "nib_classifier_new: weights: is an empty text");
  EXPECT_EQ(refused(nib_classifier_new(made, "a", nullptr)), "nib_classifier_new: classifier: is NULL");
  EXPECT_EQ(refused(nib_classifier_probabilities(no_classifier, pixels.data(), 784, probabilities.data(), 10)),
            "nib_classifier_probabilities: classifier: is NULL");
  EXPECT_EQ(refused(nib_classifier_predict_file(no_classifier, "a", &prediction)),
            "nib_classifier_predict_file: classifier: is NULL");
  EXPECT_EQ(refused(nib_classifier_predict_bytes(no_classifier, "a", 1, "a", &prediction)),
            "nib_classifier_predict_bytes: classifier: is NULL");
  EXPECT_EQ(refused(nib_prediction_pixels(nullptr, pixels.data(), 784)), "nib_prediction_pixels: prediction: is NULL");
  EXPECT_EQ(refused(nib_training_new(nullptr, &training)), "nib_training_new: engine: is NULL");
  EXPECT_EQ(refused(nib_training_run(no_training, "a")), "nib_training_run: training: is NULL");
  EXPECT_EQ(refused(nib_training_set_epochs(no_training, 1)), "nib_training_set_epochs: training: is NULL");
  EXPECT_EQ(refused(nib_training_set_data(no_training, "a")), "nib_training_set_data: training: is NULL");
  for (const void* made_now :
       {static_cast<void*>(classifier), static_cast<void*>(prediction), static_cast<void*>(training)})
    EXPECT_EQ(made_now, nullptr);
}

TEST_F(LibraryCalls, QuestionsAboutNullHaveHarmlessAnswers) {
  EXPECT_EQ(nib_classifier_rows(nullptr), 0U);
  EXPECT_STREQ(nib_last_error(), "nib_classifier_rows: classifier: is NULL");
  EXPECT_EQ(nib_classifier_columns(nullptr), 0U);
  EXPECT_EQ(nib_classifier_classes(nullptr), 0U);
  EXPECT_EQ(nib_classifier_class_name(nullptr, 0), nullptr);
  EXPECT_STREQ(nib_classifier_device(nullptr), "");
  EXPECT_STREQ(nib_classifier_warnings(nullptr), "");
  EXPECT_EQ(nib_prediction_class(nullptr), 0U);
  EXPECT_THAT(nib_prediction_probability(nullptr, 0), testing::IsNan());
  EXPECT_STREQ(nib_prediction_warnings(nullptr), "");
  EXPECT_THAT(nib_training_figure(nullptr, NIB_TEST_ACCURACY), testing::IsNan());
  EXPECT_STREQ(nib_training_weights_sha256(nullptr), "");
  EXPECT_STREQ(nib_training_warnings(nullptr), "");
  nib_engine_free(nullptr);
  nib_classifier_free(nullptr);
  nib_prediction_free(nullptr);
  nib_training_free(nullptr);
}

TEST_F(LibraryCalls, DevicesAndThreadsAreChecked) {
  nib_engine* other = nullptr;
  EXPECT_EQ(refused(nib_engine_new(NIB_ABI, "gpu1", 1, &other)),
            "nib_engine_new: device: no such device (expected auto, cpu, cuda or cuda:N, got \"gpu1\")");
  EXPECT_STREQ(nib_last_hint(), "did you mean cuda:1?");
  EXPECT_EQ(refused(nib_engine_new(NIB_ABI, "cpu", 1025, &other)),
            "nib_engine_new: threads: too many (expected 0 to 1024, got 1025)");
}

TEST_F(LibraryCalls, TrainingsRefuseWhatIsOutOfRange) {
  ASSERT_EQ(nib_training_new(engine.handle(), &training), NIB_OK);
  EXPECT_EQ(refused(nib_training_set_epochs(training, 0)),
            "nib_training_set_epochs: epochs: out of range (expected 1 to 100,000, got 0)");
  EXPECT_EQ(refused(nib_training_set_batch(training, 1'000'001)),
            "nib_training_set_batch: images: out of range (expected 1 to 1,000,000, got 1000001)");
  EXPECT_EQ(refused(nib_training_set_learning_rate(training, std::stod("nan"))),
            "nib_training_set_learning_rate: rate: out of range (expected 1e-30 to 1e+30, got nan)");
  EXPECT_EQ(refused(nib_training_set_validation_split(training, 1)),
            "nib_training_set_validation_split: part: out of range (expected 0 to below 1, got 1)");
  EXPECT_THAT(refused(nib_training_set_optimizer(training, "adagrad")),
              AllOf(HasSubstr("no such optimizer (expected adam, "), HasSubstr("got \"adagrad\"")));
  EXPECT_THAT(nib_training_figure(training, 99), testing::IsNan());
  EXPECT_THAT(nib_last_error(), StartsWith("nib_training_figure: figure: no such figure"));
  nib_training_free(training);
}

TEST_F(LibraryCalls, EachThreadHasAnErrorOfItsOwn) {
  EXPECT_EQ(nib_classifier_new(engine.handle(), "/nowhere/a", &classifier), NIB_IO);
  std::string others_before = "not asked", others_after;
  std::thread([&] {
    others_before = nib_last_error();
    nib_classifier* none = nullptr;
    nib_classifier_new(engine.handle(), "/nowhere/b", &none);
    others_after = nib_last_error();
  }).join();
  EXPECT_EQ(others_before, "");
  EXPECT_THAT(others_after, StartsWith("/nowhere/b: "));
  EXPECT_THAT(nib_last_error(), StartsWith("/nowhere/a: "));
}

TEST_F(LibraryCalls, ASuccessLeavesTheErrorAlone) {
  EXPECT_EQ(nib_classifier_new(engine.handle(), "/nowhere/a", &classifier), NIB_IO);
  const std::string before = nib_last_error();
  EXPECT_EQ(nib_training_new(engine.handle(), &training), NIB_OK);
  EXPECT_EQ(nib_last_error(), before);
  nib_training_free(training);
}

TEST_F(LibraryCalls, ExceptionsSayAllThatTheCallsDo) {
  try {
    Classifier("/nowhere/a", engine);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), NIB_IO);
    EXPECT_STREQ(error.what(), "/nowhere/a: cannot open: no such file or directory");
    EXPECT_EQ(error.hint(), "");
  }
  try {
    Engine("atuo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), NIB_USAGE);
    EXPECT_EQ(error.hint(), "did you mean auto?");
  }
}

}  // namespace
}  // namespace nib
