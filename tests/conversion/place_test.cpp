#include "conversion/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/temporary_folder.h"
#include "conversion/old_set.h"
#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Place : public testing::Test {
 protected:
  Place() {
    fs::create_directory(folder_ / "set");
    SmallSet{.training = 20, .test = 9, .rows = 6, .columns = 6}.write_to(folder_ / "set");
  }

  std::string problem(const std::function<void()>& action) const {
    std::string line = error_of(action).what();
    const std::string folder = folder_.path().string() + '/';
    for (std::size_t at; (at = line.find(folder)) != std::string::npos;) line.erase(at, folder.size());
    return line;
  }
  void check(const std::string& name, OldSet old, OutFormat format = OutFormat::idx) const {
    check_place(folder_ / name, format, old);
  }
  /// What is strange in a folder with one file, or one file in folders.
  std::string stranger(const std::string& name, const std::string& text = "") const {
    const fs::path file = folder_ / "old" / name;
    fs::create_directories(file.parent_path());
    make_file(file, text);
    std::string found = stranger_in(folder_ / "old");
    fs::remove_all(folder_ / "old");
    return found;
  }

  TemporaryFolder folder_;
};

TEST_F(Place, KeepsWhatIsThereUnlessItMayBeReplaced) {
  check("new", OldSet::keep);
  EXPECT_EQ(problem([&] { check("set", OldSet::keep); }), "set: exists");
  check("set", OldSet::replace, OutFormat::folder);
  make_file(folder_ / "file.npz", "");
  check("file.npz", OldSet::replace, OutFormat::npz);
  fs::create_directory(folder_ / "folder.npz");
  EXPECT_EQ(problem([&] { check("folder.npz", OldSet::replace, OutFormat::npz); }),
            "folder.npz: exists and is a folder");
  make_file(folder_ / "file", "");
  EXPECT_EQ(problem([&] { check("file", OldSet::replace, OutFormat::csv); }), "file: exists and is no folder");
  make_file(folder_ / "set" / "thesis.tex", "");
  EXPECT_EQ(problem([&] { check("set", OldSet::replace); }),
            "set: will not be replaced: thesis.tex in it is no file of a data set");
}

TEST_F(Place, TakesAnEmptyFolderAndNoLink) {
  fs::create_directory(folder_ / "empty");
  check("empty", OldSet::keep);
  check("empty/", OldSet::keep);
  fs::create_directory_symlink("empty", folder_ / "link");
  for (const char* const link : {"link", "link/"})
    EXPECT_EQ(problem([&] { check(link, OldSet::replace); }), std::string(link) + ": is a symbolic link");
  EXPECT_EQ(problem([&] { check("set/.", OldSet::replace); }), "set/.: does not end in a name");
  for (const char* const place : {".", "..", "/"})
    EXPECT_THAT(problem([&] { check_place(place, OutFormat::idx, OldSet::replace); }),
                HasSubstr("is the folder that nib runs in, or holds it"));
}

TEST_F(Place, LooksForStrangersInsideOfWhatHasASetsNames) {
  EXPECT_EQ(stranger("train/3/00012.png"), "");
  EXPECT_EQ(stranger("train.csv", "label,pixel0,pixel1,pixel2\n"), "");
  EXPECT_EQ(stranger("test.csv", "pixel0,pixel1,pixel2\n"), "");
  EXPECT_EQ(stranger("train-labels-idx1-ubyte", std::string("\0\0\x08\x01", 4)), "");
  for (const char* const name :
       {"train/3/thesis.txt", "train/x/photo.jpg", "train/notes.txt", "train/3/.hidden", "test/3/4/00001.png",
        "train/3/photo.png", "train/3/00001.png/x", "train", "test.csv/x", "labels.txt", ".git/config"})
    EXPECT_NE(stranger(name), "") << name;
  EXPECT_EQ(stranger("train/3/thesis.txt"), "train/3/thesis.txt");
  EXPECT_EQ(stranger("labels.txt", "cat\ndog\n"), "labels.txt");
  EXPECT_EQ(stranger("test.csv", "name,mark\nAda,1\n"), "test.csv");
  EXPECT_EQ(stranger("train-images-idx3-ubyte", "mine"), "train-images-idx3-ubyte");
  EXPECT_EQ(stranger("train-images-idx3-ubyte.gz", "mine"), "train-images-idx3-ubyte.gz");
  make_file(folder_ / "set" / "labels.txt", "only one");
  EXPECT_EQ(stranger_in(folder_ / "set"), "labels.txt");
  make_file(folder_ / "set" / "labels.txt", "cat\ndog\n");
  EXPECT_EQ(stranger_in(folder_ / "set"), "");
  fs::create_directories(folder_ / "set" / "train" / "3");
  EXPECT_NE(stranger_in(folder_ / "set"), "");
}

TEST_F(Place, StaysApartFromTheSetThatIsRead) {
  fs::create_directory(folder_ / "csv");
  make_file(folder_ / "csv" / "train.csv", "label,p0,p1,p2,p3\n7,0,10,255,3\n1,9,8,7,6\n");
  make_file(folder_ / "csv" / "test.csv", "label,p0,p1,p2,p3\n7,0,10,255,3\n");
  const auto apart = [&](const char* in, const char* out) {
    const DataCollection set = load_any_parts((folder_ / in).string());
    return problem([&] { check_apart(folder_ / out, set); });
  };
  EXPECT_EQ(apart("set", "set"), "set: is the set that is read");
  EXPECT_EQ(apart("csv", "csv/../csv/"), "csv/../csv/: is the set that is read");
  EXPECT_EQ(apart("csv/train.csv", "csv/train.csv"), "csv/train.csv: is the set that is read");
  EXPECT_EQ(apart("csv/train.csv", "csv"), "csv: holds the set that is read");
  EXPECT_EQ(apart("csv", "csv/test.csv"), "csv/test.csv: is the set that is read");
  EXPECT_EQ(apart("csv", "csv/new.csv"), "csv/new.csv: lies in the set that is read");
  const DataCollection set = load_any_parts((folder_ / "csv" / "train.csv").string());
  check_apart(folder_ / "csv" / "other.csv", set);
  check_apart(folder_ / "csv2", set);
  fs::create_directory(folder_ / "linked");
  fs::create_symlink(folder_ / "csv" / "train.csv", folder_ / "linked" / "train.csv");
  EXPECT_EQ(apart("linked", "csv"), "csv: holds the set that is read");
}

}  // namespace
}  // namespace nib
