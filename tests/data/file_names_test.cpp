#include "data/file_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/idx_files.h"

namespace nib {
namespace {

using ::testing::ElementsAre;

TEST(FileNames, RawComesBeforeGzipAndDashBeforeDot) {
  EXPECT_THAT(spellings(file_roles[0]), ElementsAre("train-images-idx3-ubyte", "train-images.idx3-ubyte",
                                                    "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte.gz"));
}

TEST(FileNames, AreFoundInOrderOfPreference) {
  const TemporaryFolder folder;
  EXPECT_FALSE(holds_data_files(folder.path()));
  make_file(folder / "t10k-labels-idx1-ubyte.gz", "x");
  make_file(folder / "t10k-labels.idx1-ubyte", "x");
  make_file(folder / "t10k-labels-idx3-ubyte", "no such name");
  EXPECT_TRUE(holds_data_files(folder.path()));
  EXPECT_THAT(present_files(folder.path(), file_roles[3]),
              ElementsAre(folder / "t10k-labels.idx1-ubyte", folder / "t10k-labels-idx1-ubyte.gz"));
  EXPECT_TRUE(present_files(folder.path(), file_roles[0]).empty());
}

// Kaggle's archive has a folder train-images-idx3-ubyte, with the file inside, beside train-images.idx3-ubyte.
TEST(FileNames, OfFoldersArePassedOver) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "train-images-idx3-ubyte");
  make_file(folder / "train-images-idx3-ubyte" / "train-images-idx3-ubyte", "x");
  make_file(folder / "train-images.idx3-ubyte", "x");
  EXPECT_THAT(present_files(folder.path(), file_roles[0]), ElementsAre(folder / "train-images.idx3-ubyte"));
  std::filesystem::remove(folder / "train-images.idx3-ubyte");
  EXPECT_THAT(present_files(folder.path(), file_roles[0]),
              ElementsAre(folder / "train-images-idx3-ubyte/train-images-idx3-ubyte"));
  EXPECT_TRUE(holds_data_files(folder.path()));
  std::filesystem::remove(folder / "train-images-idx3-ubyte/train-images-idx3-ubyte");
  EXPECT_TRUE(present_files(folder.path(), file_roles[0]).empty());
  EXPECT_FALSE(holds_data_files(folder.path()));
}

}  // namespace
}  // namespace nib
