// A host with threads of its own: what they do does not meet, and the process stays as it was.

#include <gmock/gmock.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "commands/small_set.h"
#include "library/bars.h"
#include "nib/nib.hpp"

namespace nib {
namespace {

using testing::IsEmpty;

/// A training on the small set.
TrainingResult trained(const SmallSetFolder& folder, std::uint64_t seed, const std::string& file) {
  Training training;
  training.data = (folder / "set").string();
  training.network = (folder / "network.json").string();
  training.epochs = 2;
  training.seed = seed;
  return train(training, (folder / file).string(), Engine("cpu", 2));
}

class LibraryThreads : public testing::Test {
 protected:
  LibraryThreads() {
    make_file(folder / "network.json", dropout_network);
    write_bars(folder / "one.pgm", {80});
  }
  const SmallSetFolder folder;
};

TEST_F(LibraryThreads, ClassifiersOfTheirOwnAnswerSideBySide) {
  const std::string picture = (folder / "one.pgm").string();
  const std::vector<float> expected = Classifier(trained_weights(), Engine("cpu", 1)).predict(picture).probabilities;
  std::vector<std::vector<float>> answers(2);
  std::vector<std::thread> threads;
  for (std::vector<float>& answer : answers)
    threads.emplace_back([&answer, &picture] {
      Classifier classifier(trained_weights(), Engine("cpu", 2));
      for (int i = 0; i < 3; ++i) answer = classifier.predict(picture).probabilities;
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& answer : answers) EXPECT_EQ(answer, expected);
}

TEST_F(LibraryThreads, OneClassifierServesThreadsOneAfterTheOther) {
  Classifier classifier(trained_weights(), Engine("cpu", 2));
  const std::vector<std::uint8_t> one = pixels_of_a_one(), blank(one.size());
  const std::vector<float> of_one = classifier.probabilities(one), of_blank = classifier.probabilities(blank);
  std::thread other([&] {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(classifier.probabilities(blank), of_blank);
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(classifier.probabilities(one), of_one);
  other.join();
}

TEST_F(LibraryThreads, TrainingsSideBySideHaveTheBitsOfEachAlone) {
  const std::string zero = trained(folder, 0, "zero").weights_sha256, one = trained(folder, 1, "one").weights_sha256;
  std::string zero_beside, one_beside;
  std::thread first([&] { zero_beside = trained(folder, 0, "first").weights_sha256; });
  std::thread second([&] { one_beside = trained(folder, 1, "second").weights_sha256; });
  first.join();
  second.join();
  EXPECT_EQ(zero_beside, zero);
  EXPECT_EQ(one_beside, one);
  EXPECT_NE(zero, one);
}

/// What each signal does in this process.
std::vector<struct sigaction> handlers() {
  std::vector<struct sigaction> all;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action = {};
    sigaction(number, nullptr, &action);
    all.push_back(action);
  }
  return all;
}

/// Those that this thread does not get.
std::vector<int> blocked_signals() {
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  std::vector<int> all;
  for (int number = 1; number < NSIG; ++number)
    if (sigismember(&blocked, number) == 1) all.push_back(number);
  return all;
}

TEST_F(LibraryThreads, TheProcessStaysAsItWas) {
  const std::vector<struct sigaction> before = handlers();
  const std::vector<int> blocked_before = blocked_signals();
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const TrainingResult result = trained(folder, 0, "weights");
  Classifier classifier(trained_weights(), Engine("auto", 0));
  classifier.predict((folder / "one.pgm").string());
  EXPECT_THROW(classifier.predict((folder / "nothing.png").string()), Error);
  EXPECT_THROW(Classifier((folder / "one.pgm").string()), Error);
  const std::string errors = testing::internal::GetCapturedStderr();
  EXPECT_THAT(testing::internal::GetCapturedStdout(), IsEmpty());
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_GT(result.test_accuracy, 0);
  const std::vector<struct sigaction> after = handlers();
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(before[i].sa_handler, after[i].sa_handler) << "of signal " << i + 1;
  EXPECT_EQ(blocked_signals(), blocked_before);
}

}  // namespace
}  // namespace nib
