#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> small_bench = {"bench", "--data",    "set", "--device", "cpu", "--epochs",
                                              "2",     "--threads", "1",   "--batch",  "50"};

TEST(Bench, TellsWhatRanAndHowLongItTook) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_bench, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(
      ending.output,
      AllOf(HasSubstr("Training: 135 images, batch 50; validation: 15 images"), HasSubstr("warm-up"),
            HasSubstr("engine         cpu, "), HasSubstr("s/epoch (median of "), HasSubstr(" images/s"),
            HasSubstr("(p95)"), HasSubstr("start-up"), HasSubstr("peak memory"),
            HasSubstr("Time per phase, mean of 3 steps; "), HasSubstr(" GFLOP/s  "), HasSubstr("peak           ")));
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

TEST(Bench, WithJsonPrintsOneDocument) {
  const SmallSetFolder folder;
  std::vector<std::string> arguments = small_bench;
  arguments.push_back("--json");
  const Ending ending = nib(arguments, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  EXPECT_THAT(document["training_seconds"], SizeIs(2));
  EXPECT_THAT(document["validation_seconds"], SizeIs(2));
  EXPECT_EQ(document["training_images"], 135);
  EXPECT_EQ(document["threads"], 1);
  EXPECT_EQ(document["batch"], 50);
  EXPECT_EQ(document["kernels"], "own");
  EXPECT_THAT(document["phases"], testing::Not(testing::IsEmpty()));
  for (const std::string key : {"version", "program", "machine", "engine", "precision", "seed", "images_per_second",
                                "start_up_seconds", "peak_memory_bytes"})
    EXPECT_TRUE(document.contains(key)) << key;
  for (const std::string key : {"median", "p5", "p95"}) EXPECT_GT(document["step_milliseconds"][key], 0.0) << key;
}

TEST(Bench, TellsTheArithmeticOfEachPhaseAndItsShareOfThePeak) {
  const SmallSetFolder folder;
  std::vector<std::string> arguments = small_bench;
  arguments.push_back("--json");
  const json document = json::parse(nib(arguments, folder.path()).output);
  const double peak = document["peak_gigaflops"];
  EXPECT_GT(peak, 0);
  double operations = 0, milliseconds = 0;
  std::size_t counted = 0;
  for (const json& phase : document["phases"]) {
    milliseconds += phase["milliseconds"].get<double>();
    if (phase["operations"].is_null()) {
      EXPECT_TRUE(phase["gigaflops"].is_null() && phase["share_of_peak"].is_null()) << phase["name"];
      continue;
    }
    ++counted;
    operations += phase["operations"].get<double>();
    const double rate = phase["operations"].get<double>() / phase["milliseconds"].get<double>() / 1e6;
    EXPECT_NEAR(phase["gigaflops"].get<double>(), rate, 1e-6 * rate) << phase["name"];
    EXPECT_NEAR(phase["share_of_peak"].get<double>(), rate / peak, 1e-6 * rate / peak) << phase["name"];
  }
  EXPECT_EQ(counted, 12U);
  const double rate = operations / milliseconds / 1e6;
  EXPECT_NEAR(document["gigaflops"].get<double>(), rate, 1e-6 * rate);
  EXPECT_NEAR(document["share_of_peak"].get<double>(), rate / peak, 1e-6 * rate / peak);
}

TEST(Bench, HasATableWhereSeveralNumbersOfThreadsAreGiven) {
  const SmallSetFolder folder;
  std::vector<std::string> arguments = {"bench",    "--data", "set",       "--device", "cpu",
                                        "--epochs", "2",      "--threads", "2,1",      "--json"};
  const Ending ending = nib(arguments, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, AllOf(HasSubstr("cpu, "), HasSubstr(", 2 threads, "), HasSubstr(", 1 thread, "),
                                   HasSubstr("\nTraining by threads, beside 1\n")));
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["threads"], 1);
  const json& scaling = document["scaling"];
  ASSERT_THAT(scaling, SizeIs(2));
  EXPECT_EQ(scaling[0]["threads"], 2);
  EXPECT_EQ(scaling[1]["threads"], 1);
  EXPECT_EQ(scaling[1]["training_seconds"], document["training_seconds"]);
  EXPECT_EQ(scaling[1]["speed_up"], 1.0);
  EXPECT_EQ(scaling[1]["efficiency"], 1.0);
  const double speed_up =
      scaling[1]["training_seconds_median"].get<double>() / scaling[0]["training_seconds_median"].get<double>();
  EXPECT_DOUBLE_EQ(scaling[0]["speed_up"], speed_up);
  EXPECT_DOUBLE_EQ(scaling[0]["efficiency"], speed_up / 2);
  EXPECT_FALSE(
      json::parse(
          nib({"bench", "--data", "set", "--device", "cpu", "--epochs", "1", "--threads", "2", "--json"}, folder.path())
              .output)
          .contains("scaling"));
}

/// A bench that is asked for so many epochs through its standard input.
Ending bench_on_request(int lines, const std::string& epochs) {
  const SmallSetFolder folder;
  make_file(folder / "requests", std::string(static_cast<std::size_t>(lines), '\n'));
  return Program({"bench", "--data", "set", "--device", "cpu", "--threads", "1", "--on-request", "--epochs", epochs,
                  "--json"})
      .in(folder.path())
      .with_input(folder / "requests")
      .run();
}

TEST(Bench, MakesTheEpochsThatAreAskedFor) {
  const Ending ending = bench_on_request(4, "5");
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(json::parse(ending.output)["training_seconds"], AllOf(SizeIs(3), Each(Gt(0.0))));
  EXPECT_THAT(ending.errors, AllOf(HasSubstr("\n  epoch 3 "), testing::Not(HasSubstr("\n  epoch 4 "))));
  const Ending no_more_than_said = bench_on_request(9, "2");
  EXPECT_THAT(json::parse(no_more_than_said.output)["training_seconds"], SizeIs(2));
}

TEST(Bench, SaysWhereNoTimedEpochIsAskedFor) {
  for (const int lines : {0, 1}) {
    const Ending ending = bench_on_request(lines, "2");
    EXPECT_EQ(ending.code, 3);
    EXPECT_TRUE(ending.output.empty());
    EXPECT_THAT(ending.errors, HasSubstr("nib: error: standard input: it ended before any epoch was timed"));
  }
}

}  // namespace
}  // namespace nib
