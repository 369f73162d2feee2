#include <gmock/gmock.h>

#include <filesystem>

#include "commands/small_set.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DataConvert, GivesASetThatTrainsToTheSameWeights) {
  const SmallSetFolder folder;
  const Ending original = nib(small_training({"--out", "run"}), folder.path());
  const Ending ending = nib({"data", "convert", "set", "pictures", "--to", "folder"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("pictures: 150 training and 100 test images, 250 files of "));
  std::filesystem::remove_all(folder / "set");
  std::filesystem::rename(folder / "pictures", folder / "set");
  const Ending converted = nib(small_training({"--out", "again"}), folder.path());
  ASSERT_FALSE(value_of(original.output, "weights sha256").empty());
  EXPECT_EQ(value_of(converted.output, "weights sha256"), value_of(original.output, "weights sha256"));
}

TEST(DataConvert, RefusesInOneLine) {
  const SmallSetFolder folder;
  const auto errors = [&](std::vector<std::string> arguments, int code) {
    arguments.insert(arguments.begin(), {"data", "convert"});
    const Ending ending = nib(arguments, folder.path());
    EXPECT_EQ(ending.code, code);
    return ending.errors;
  };
  EXPECT_EQ(errors({"set"}, 2), "nib: error: OUT: missing\nhint: see --help for the usage\n");
  EXPECT_EQ(errors({"set", "set"}, 2), "nib: error: set: exists\nhint: --force replaces it\n");
  EXPECT_EQ(errors({"set", "set", "--force"}, 2),
            "nib: error: set: is the set that is read\nhint: choose another name\n");
  EXPECT_EQ(errors({"set", "set.csv"}, 2),
            "nib: error: set.csv: a CSV file holds one part, and this set has two\n"
            "hint: --to csv and a folder's name make train.csv and test.csv in it\n");
  EXPECT_EQ(errors({"set", "x", "--to", "hdf5"}, 2),
            "nib: error: --to: no such format (expected idx, npz, csv or folder, got hdf5)\n");
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

}  // namespace
}  // namespace nib
