#include "data/no_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/catalogue.h"
#include "data/idx_files.h"
#include "data/inspection.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class NoSet : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text = "x") const {
    fs::create_directories((folder_ / name).parent_path());
    make_file(folder_ / name, text);
  }
  Error error() const {
    return error_of([&] { load_data(folder_.path().string()); });
  }
  /// Behind the folder's name.
  std::string line() const { return std::string(error().what()).substr(folder_.path().string().size()); }
  std::string hint() const {
    return name_settings(error().problem().hint, [](std::string_view setting) { return "--" + std::string(setting); });
  }

  TemporaryFolder folder_;
};

TEST_F(NoSet, NamesWhatLiesThereInstead) {
  for (const char* name : {"a.pdf", "b.PDF", "c.pdf", "notes/day.txt", ".hidden"}) put(name);
  EXPECT_EQ(line(), ": no data set: holds 3 PDF files and the folder notes");
  EXPECT_EQ(error().code(), ExitCode::bad_input);
  EXPECT_EQ(hint(), "nib reads IDX files, CSV tables, NumPy's .npz and folders of pictures by class");
  for (const char* name : {"one", "two", "x.doc", "y.doc", "z.c", "w.h", "d/1", "e/1", "f/1"}) put(name);
  EXPECT_EQ(line(),
            ": no data set: holds 3 PDF files, 2 files without an ending, 2 DOC files, 2 other files and 4 folders, "
            "d the first");
}

TEST_F(NoSet, MayBeEmptyOrSecret) {
  EXPECT_EQ(line(), ": no data set: holds nothing");
  fs::permissions(folder_.path(), fs::perms::none);
  {
    const OrdinaryUser user;
    EXPECT_EQ(error().code(), ExitCode::io);
    EXPECT_EQ(line(), ": cannot list the folder: permission denied");
  }
  fs::permissions(folder_.path(), fs::perms::owner_all);
}

TEST_F(NoSet, ButPartOfOneStillNamesTheMissingFile) {
  put("train-images-idx3-ubyte.gz.part");
  EXPECT_THAT(line(), HasSubstr("train-images: file is missing"));
  EXPECT_EQ(hint(), "train-images-idx3-ubyte.gz.part is there, an incomplete download");
}

TEST_F(NoSet, TellsWhatToUnpackOrToSave) {
  put("mnist.zip", "PK\x03\x04");
  EXPECT_EQ(hint(), "unpack mnist.zip first");
  fs::remove(folder_ / "mnist.zip");
  put("train.parquet", "PAR1");
  EXPECT_EQ(hint(), "save train.parquet as CSV or as NumPy's .npz, which nib reads");
  fs::remove(folder_ / "train.parquet");
  put("mnist.pkl.gz", "\x1f\x8b");
  EXPECT_EQ(hint(), "save mnist.pkl.gz as CSV or as NumPy's .npz, which nib reads");
  fs::remove(folder_ / "mnist.pkl.gz");
  put("processed/training.pt", "PK\x03\x04");
  EXPECT_EQ(hint_for_file(folder_ / "processed/training.pt"),
            "save training.pt as CSV or as NumPy's .npz, which nib reads");
  put("cat.npy");
  EXPECT_THAT(hint(), HasSubstr("x_train.npy"));
}

TEST_F(NoSet, TellsHowPicturesLieInOne) {
  const std::string advice =
      "pictures are a set where they lie in a folder for each of two classes or more, as 7/1.png and 8/2.png";
  put("7/1.png");
  EXPECT_EQ(hint(), advice) << "one class";
  put("2.png");
  fs::remove_all(folder_ / "7");
  EXPECT_EQ(hint(), advice);
  put("train/0/1.bmp");
  put("train/1/2.bmp");
  EXPECT_EQ(hint(), "save the pictures as PNG or JPEG, which nib reads");
}

TEST_F(NoSet, TellsWhereSetsAreBelow) {
  put("kaggle/train.csv", "label,a,b,c,d\n1,0,9,255,7\n");
  EXPECT_EQ(hint(), "there is a set in it: give " + (folder_ / "kaggle").string() + " as --data");
  fs::remove_all(folder_ / "kaggle");
  put("inner/pictures/train/0/1.png");
  put("inner/pictures/train/1/2.png");
  EXPECT_EQ(hint(), "there is a set in it: give " + (folder_ / "inner/pictures").string() + " as --data");
  fs::remove_all(folder_ / "inner");
  put("mnist/train-images-idx3-ubyte");
  put("qmnist/train-images-idx3-ubyte");
  EXPECT_EQ(hint(), "there are sets in mnist and qmnist: give one of these folders as --data");
}

TEST_F(NoSet, TellsHowTablesAreCalled) {
  for (const char* name : {"a.csv", "b.csv"}) put(name, "label,a,b,c,d\n1,0,9,255,7\n");
  EXPECT_EQ(hint(), "call the CSV files of a set train.csv and test.csv, or give one of them as --data");
}

TEST_F(NoSet, IsReportedAsOne) {
  put("a.pdf");
  const DataReport report = inspect_data(folder_.path().string());
  EXPECT_EQ(report.title, "no data set");
  EXPECT_EQ(problem_count(report), 1u);
  EXPECT_THAT(report.files, ::testing::IsEmpty());
  EXPECT_THAT(report.problem, ::testing::EndsWith(": no data set: holds the file a.pdf"));
}

}  // namespace
}  // namespace nib
