#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> small_bench = {"bench", "--data",    "set", "--device", "cpu", "--epochs",
                                              "2",     "--threads", "1",   "--batch",  "50"};

TEST(Bench, TellsWhatRanAndHowLongItTook) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_bench, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("Training: 135 images, batch 50; validation: 15 images"), HasSubstr("warm-up"),
                    HasSubstr("engine         cpu, "), HasSubstr("s/epoch (median of "), HasSubstr(" images/s"),
                    HasSubstr("(p95)"), HasSubstr("start-up"), HasSubstr("peak memory"),
                    HasSubstr("Time per phase, mean of 3 steps")));
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

}  // namespace
}  // namespace nib
