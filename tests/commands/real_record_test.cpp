// What a real run tells of itself, read back by those who read any run.

#include <gmock/gmock.h>

#include "base/hash.h"
#include "commands/small_set.h"
#include "runs/record_seal.h"
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
  EXPECT_EQ(json_text(sealed(to_json(run.record))), contents(folder / "run/run.json"));
  EXPECT_THAT(run.record.file_sha256, testing::SizeIs(3));
  for (const auto& [name, hash] : run.record.file_sha256) {
    const std::string text = contents(folder / "run" / name);
    EXPECT_EQ(hash, to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}))) << name;
  }
  EXPECT_TRUE(read_run_weights(run));
}

}  // namespace
}  // namespace nib
