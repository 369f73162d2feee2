// What a real run tells of itself, read back by those who read any run.

#include <gmock/gmock.h>

#include "commands/small_set.h"
#include "runs/run_files.h"

namespace nib {
namespace {

using testing::SizeIs;

TEST(RealRecord, SaysWhatTheRunPrinted) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run", "--no-pictures"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const RunFiles run = read_run(folder / "run");
  EXPECT_EQ(run.predictions.size(), small_test_images);
  EXPECT_THAT(run.record.history, SizeIs(2));
  const std::vector<std::uint64_t> confusion = confusion_matrix(run.predictions);
  EXPECT_EQ(run.record.test->confusion, confusion);
  EXPECT_EQ(json_text(to_json(run.record)), contents(folder / "run/run.json"));
}

}  // namespace
}  // namespace nib
