#include <gmock/gmock.h>

#include <filesystem>
#include <memory>

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
  EXPECT_EQ(errors({"set", ".", "--force"}, 2),
            "nib: error: .: is the folder that nib runs in, or holds it\nhint: choose another name\n");
  EXPECT_EQ(
      errors({"set", "x.parquet"}, 2),
      "nib: error: x.parquet: nib writes no data set in the format of .parquet files (expected NAME.npz, NAME.csv, "
      "or a folder)\nhint: --to idx, csv or folder makes a folder of that name\n");
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

TEST(DataConvert, LosesNothingOfTheFolderOfItsInput) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib({"data", "convert", "set", "tables", "--to", "csv"}, folder.path()).code, 0);
  const Ending ending = nib({"data", "convert", "tables/train.csv", "tables", "--force"}, folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors, "nib: error: tables: holds the set that is read\nhint: choose another name\n");
  EXPECT_TRUE(std::filesystem::exists(folder / "tables" / "test.csv"));
}

TEST(DataConvert, OfSeveralAtOnceOneWins) {
  const SmallSetFolder folder;
  for (const std::string out : {"new/set.npz", "new/set"}) {
    std::vector<std::unique_ptr<Program>> programs;
    for (int i = 0; i < 3; ++i) {
      programs.push_back(std::make_unique<Program>(std::vector<std::string>{"data", "convert", "set", out}));
      programs.back()->in(folder.path()).start();
    }
    int winners = 0;
    for (const auto& program : programs) {
      const Ending ending = program->wait();
      winners += ending.code == 0 ? 1 : 0;
      if (ending.code == 0) continue;
      EXPECT_EQ(ending.code, 2);
      EXPECT_EQ(ending.errors, "nib: error: " + out + ": exists\nhint: --force replaces it\n");
    }
    EXPECT_EQ(winners, 1) << out;
    EXPECT_EQ(nib({"data", "verify", out}, folder.path()).code, 0);
  }
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder / "new")) ++entries;
  EXPECT_EQ(entries, 2u) << "nothing half written is left";
}

TEST(DataConvert, OfSeveralThatReplaceAtOnceEachLeavesAWholeSet) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib({"data", "convert", "set", "out"}, folder.path()).code, 0);
  std::vector<std::unique_ptr<Program>> programs;
  for (int i = 0; i < 3; ++i) {
    const std::string format = i == 1 ? "csv" : "idx";
    programs.push_back(std::make_unique<Program>(
        std::vector<std::string>{"data", "convert", "set", "out", "--force", "--to", format}));
    programs.back()->in(folder.path()).start();
  }
  for (const auto& program : programs) {
    const Ending ending = program->wait();
    EXPECT_EQ(ending.code, 0) << ending.errors;
  }
  EXPECT_EQ(nib({"data", "verify", "out"}, folder.path()).code, 0);
  EXPECT_THAT(folder.names(), ElementsAre("out", "set"));
}

TEST(DataConvert, MakesFoldersAboveAndFillsAnEmptyOne) {
  const SmallSetFolder folder;
  EXPECT_EQ(nib({"data", "convert", "set", "a/b/set.npz"}, folder.path()).code, 0);
  EXPECT_EQ(nib({"data", "convert", "set", "a/b/c/set"}, folder.path()).code, 0);
  std::filesystem::create_directory(folder / "empty");
  EXPECT_EQ(nib({"data", "convert", "set", "empty"}, folder.path()).code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "empty" / "train-images-idx3-ubyte"));
}

}  // namespace
}  // namespace nib
