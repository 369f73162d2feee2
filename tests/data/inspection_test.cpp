#include "data/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/idx_files.h"

namespace nib {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Inspection, GoesOnAfterTheFirstWrongFile) {
  const TemporaryFolder folder;
  const SmallSet set;
  write(folder / "train-images-idx3-ubyte", set.training_images());
  write(folder / "train-labels-idx1-ubyte", {});
  make_file(folder / "t10k-images-idx3-ubyte.gz", "<!DOCTYPE html><title>403</title>");
  const DataReport report = inspect_data(folder.path().string());
  EXPECT_EQ(problem_count(report), 3u);
  ASSERT_THAT(report.files, SizeIs(4));
  EXPECT_EQ(report.files[0].problem, "");
  EXPECT_EQ(report.files[0].file.value().raw_bytes, 16u + 6 * 5 * 7);
  EXPECT_THAT(report.files[1].problem, HasSubstr("train-labels-idx1-ubyte: file is empty"));
  EXPECT_THAT(report.files[2].problem,
              HasSubstr("not an IDX file (expected 0x00000803, got 0x3c21444f (an HTML page))"));
  EXPECT_THAT(report.files[2].hint, HasSubstr("download it again"));
  EXPECT_THAT(report.files[3].problem, HasSubstr("file is missing"));
  EXPECT_FALSE(report.files[3].file.has_value());
}

TEST(Inspection, AcceptsAnUnknownSet) {
  const TemporaryFolder folder;
  SmallSet{}.write_to(folder.path());
  const DataReport report = inspect_data(folder.path().string());
  EXPECT_EQ(report.title, "unknown IDX set");
  EXPECT_EQ(problem_count(report), 0u);
  EXPECT_THAT(report.warnings, IsEmpty());
}

TEST(Inspection, NamesTheFormatOfABrokenSet) {
  const TemporaryFolder folder;
  make_file(folder / "t.csv", "label,a,b,c,d\n1,0,9,256,7\n");
  const DataReport report = inspect_data((folder / "t.csv").string());
  EXPECT_EQ(report.title, "unknown CSV set");
  EXPECT_EQ(problem_count(report), 1u);
}

TEST(Inspection, TellsWhatCannotBeTrainedWith) {
  const TemporaryFolder folder;
  make_file(folder / "test.csv", "a,b,c,d\n0,9,255,7\n");
  const DataReport unlabelled = inspect_data((folder / "test.csv").string());
  EXPECT_EQ(problem_count(unlabelled), 0u);
  EXPECT_EQ(unlabelled.unfit, "has no training part");
  EXPECT_EQ(unlabelled.hint, "nib predict answers such images");
  make_file(folder / "test.csv", "label,a,b,c,d\n1,0,9,255,7\n0,1,1,1,99\n");
  const DataReport test = inspect_data((folder / "test.csv").string());
  EXPECT_EQ(test.unfit, "has no training part");
  EXPECT_EQ(test.hint, "weights can be tested with it, by nib evaluate");
  make_file(folder / "train.csv", "label,a,b,c,d\n1,0,9,255,7\n1,1,1,1,99\n");
  const DataReport one = inspect_data((folder / "train.csv").string());
  EXPECT_EQ(problem_count(one), 0u);
  EXPECT_EQ(one.unfit, "its training images are of one class only, 1");
  EXPECT_EQ(inspect_data(folder.path().string()).unfit, one.unfit) << "whatever the test part has";
}

TEST(Inspection, LooksAtTheFilesTogether) {
  const TemporaryFolder folder;
  SmallSet{}.write_to(folder.path());
  write(folder / "t10k-labels-idx1-ubyte", idx_labels(1, {0}));
  const DataReport report = inspect_data(folder.path().string());
  EXPECT_EQ(problem_count(report), 1u);
  EXPECT_THAT(report.problem, HasSubstr("count at byte 4: not one label for each image"));
}

TEST(Inspection, HoldsASetAskedForByNameAgainstItsHashes) {
  const TemporaryFolder folder;
  SmallSet{}.write_to(folder.path());
  const ScopedEnvironment data("NIB_DATA", folder.path().string());
  const DataReport report = inspect_data("mnist");
  EXPECT_EQ(report.title, "MNIST");
  EXPECT_EQ(problem_count(report), 4u);
  EXPECT_THAT(report.files[1].problem, HasSubstr("not the train-labels of MNIST (expected 65a50cbbf4e906d7"));
  EXPECT_TRUE(report.files[1].file.has_value());
}

}  // namespace
}  // namespace nib
