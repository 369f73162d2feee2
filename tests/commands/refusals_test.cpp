// The real program where the system refuses it threads, memory or its font: tests/support/refusals.cpp is preloaded.

#include <gmock/gmock.h>

#include <algorithm>

#include "commands/cuda_stand_ins.h"
#include "commands/small_set.h"
#include "pictures/run_pictures.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Ending run_with(const std::string& variable, const std::string& value, const std::vector<std::string>& arguments,
                const fs::path& folder) {
  return Program(arguments)
      .in(folder)
      .with_environment("LD_PRELOAD", NIB_REFUSALS)
      .with_environment(variable, value)
      .run();
}

Ending with_threads(int allowed, const std::vector<std::string>& arguments, const fs::path& folder) {
  return run_with("NIB_ALLOWED_THREADS", std::to_string(allowed), arguments, folder);
}

std::string refused_threads(int threads, int wanted) {
  return "nib: warning: running on " + std::to_string(threads) + " of " + std::to_string(wanted) +
         " threads: the system refuses more (a limit on processes or on memory)\n";
}

TEST(RefusedThreads, LeaveTheRunToThoseThatThereAre) {
  const SmallSetFolder folder;
  const std::vector<std::string> training = small_training({"--out", "run", "--force", "--threads", "5"});
  const std::string weights = value_of(nib(training, folder.path()).output, "weights sha256");
  ASSERT_THAT(weights, Not(IsEmpty()));
  constexpr int of_the_data = 3 + 2 * 4;  // that read files and pack both parts, beside the caller's
  for (const int team : {-3, -1, 0, 1, 3, 4}) {
    const Ending ending = with_threads(of_the_data + team, training, folder.path());
    EXPECT_EQ(ending.code, 0);
    EXPECT_EQ(ending.errors, team == 4 ? "" : refused_threads(1 + std::max(team, 0), 5));
    EXPECT_EQ(value_of(ending.output, "weights sha256"), weights) << team;
    EXPECT_FALSE(fs::exists(folder / "run/.lock"));
  }
}

TEST(RefusedThreads, LetAGpuBeStartedByTheEngineAlone) {
  const SmallSetFolder folder;
  std::vector<std::string> training = small_training({"--out", "run"});
  *(std::ranges::find(training, "--device") + 1) = "cuda";
  const Ending ending = ProgramWithFakeGpu(training, folder.path())
                            .with_environment("LD_PRELOAD", NIB_REFUSALS)
                            .with_environment("NIB_ALLOWED_THREADS", "0")
                            .with_environment("FAKE_DRIVER_LOG", folder / "log")
                            .run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\nDevice: cuda:0 Fake GPU"));
  EXPECT_EQ(contents(folder / "log"), "+0\n");
}

TEST(RefusedThreads, StopNoCommand) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "run"}), folder.path()).code, 0);
  const std::string weights = "run/model.safetensors";
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"evaluate", weights, "--data", "set", "--threads", "3"},
           {"bench", "--data", "set", "--epochs", "1", "--batch", "50", "--device", "cpu", "--threads", "3"}}) {
    const Ending ending = with_threads(0, command, folder.path());
    EXPECT_EQ(ending.code, 0) << command[0];
    EXPECT_THAT(ending.errors, StartsWith(refused_threads(1, 3))) << command[0];
    const bool may_warn_of_load = command[0] == "bench";
    if (!may_warn_of_load) {
      EXPECT_EQ(ending.errors, refused_threads(1, 3)) << command[0];
    }
  }
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"predict", weights, "--data", "set", "--index", "1"}, {"data", "verify", "--data", "set"}, {"doctor"}}) {
    const Ending usual = nib(command, folder.path()), ending = with_threads(0, command, folder.path());
    EXPECT_EQ(ending.code, usual.code) << command[0];
    EXPECT_THAT(ending.errors, Not(HasSubstr("internal error"))) << command[0];
  }
}

TEST(FailingAllocation, InTheMakingOfADocumentIsALackOfMemory) {
  const SmallSetFolder folder;
  ASSERT_EQ(run_with("NIB_ALLOCATIONS", "count", {"summary", "--json"}, folder.path()).code, 0);
  const int count = std::stoi(contents(folder / "count"));
  constexpr int of_the_document = 500, step = 7;  // the last ones
  int lacking = 0;
  for (int number = count - of_the_document; number < count; number += step) {
    const Ending ending =
        run_with("NIB_FAILING_ALLOCATION", std::to_string(number), {"summary", "--json"}, folder.path());
    if (ending.code == 0) continue;  // a failure that a library makes up for
    EXPECT_EQ(ending.code, 4) << number;
    EXPECT_THAT(ending.errors, EndsWith("nib: error: out of memory\n")) << number;
    ++lacking;
  }
  EXPECT_GT(lacking, of_the_document / step / 2);
}

TEST(UnreadableFont, LeavesOutThePngPicturesThatNeedIt) {
  const SmallSetFolder folder;
  const Ending ending = run_with("NIB_UNREADABLE", ".ttf", drawn_training({"--out", "run"}), folder.path());
  if (ending.errors.empty()) GTEST_SKIP() << "no font of this system has the ending .ttf";
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.errors,
              StartsWith("nib: warning: PNG pictures that need it are left out, their SVG files are there: /"));
  EXPECT_THAT(ending.errors, HasSubstr(".ttf: the font cannot be read: input/output error\n"));
  EXPECT_THAT(ending.output, HasSubstr(" pictures as SVG, "));
  for (const std::string& name : run_picture_names())
    EXPECT_TRUE(fs::exists(folder / ("run/" + name + ".svg"))) << name;
  EXPECT_TRUE(fs::exists(folder / "run/report.html"));
}

TEST(UnreadableFont, OfAPictureStopsNoLaterImage) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "run"}), folder.path()).code, 0);
  std::string image = "P2 28 28 255\n";
  for (int pixel = 0; pixel < 28 * 28; ++pixel) image += pixel % 28 > 12 && pixel % 28 < 16 ? "0 " : "255 ";
  for (const char* const name : {"one.pgm", "two.pgm"}) make_file(folder / name, image);
  const Ending ending =
      run_with("NIB_UNREADABLE", ".ttf", {"predict", "run/model.safetensors", "one.pgm", "two.pgm", "--out", "steps"},
               folder.path());
  if (ending.code == 0) GTEST_SKIP() << "no font of this system has the ending .ttf";
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, HasSubstr("the font cannot be read"));
  EXPECT_THAT(ending.output, HasSubstr("two.pgm"));
}

TEST(NetworkTooLarge, IsRefusedBeforeItIsMade) {
  const SmallSetFolder folder;
  make_file(folder / "wide.json", R"({"input":[28,28,1],"layers":[{"type":"flatten"},
      {"type":"dense","units":100000,"activation":"relu"},{"type":"dense","units":10,"activation":"softmax"}]})");
  const Ending ending = Program(small_training({"--out", "run", "--network", "wide.json"}))
                            .in(folder.path())
                            .with_addresses(std::uint64_t{512} << 20)
                            .run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors,
              testing::MatchesRegex("nib: error: not enough memory for the network's parameters "
                                    "\\(expected 1,214 MiB free, got [0-9]+ MiB free\\)\nhint: .*smaller network.*\n"));
  EXPECT_THAT(folder.names(), Not(Contains("run")));
}

TEST(BatchTooLarge, IsRefusedBeforeTheEngineIsMade) {
  const SmallSetFolder folder;
  write_set(folder / "set", 28, 28, 600, small_test_images);  // more than the batch
  make_file(folder / "large.json", R"({"input":[28,28,1],"layers":[
      {"type":"convolution","filters":256,"kernel":[3,3],"activation":"relu"},{"type":"flatten"},
      {"type":"dense","units":10,"activation":"softmax"}]})");
  const Ending ending = Program(small_training({"--out", "run", "--network", "large.json", "--batch", "500"}))
                            .in(folder.path())
                            .with_addresses(std::uint64_t{512} << 20)
                            .run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors, HasSubstr("nib: error: not enough memory for the network (expected "));
  EXPECT_THAT(ending.errors, HasSubstr("a smaller --batch needs less"));
}

}  // namespace
}  // namespace nib
