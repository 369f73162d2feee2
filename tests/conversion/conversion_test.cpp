#include "conversion/conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>

#include "base/watched_files.h"
#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const idx_names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                                 "t10k-labels-idx1-ubyte"};

class Conversion : public testing::Test {
 protected:
  Conversion() { write_square_set(folder_ / "set"); }

  static void write_square_set(const fs::path& folder) {
    fs::create_directory(folder);
    SmallSet{.training = 20, .test = 9, .rows = 6, .columns = 6}.write_to(folder);
  }

  /// Reads one set and writes it as another.
  Written convert(const std::string& in, const std::string& out, const std::string& format = "") const {
    const fs::path path = folder_ / out;
    return write_set(load_any_parts((folder_ / in).string()), path, out_format(path, format), OldSet::keep);
  }
  std::string text(const std::string& name) const { return contents(folder_ / name); }
  std::string problem(const std::function<void()>& action) const {
    std::string line = error_of(action).what();
    const std::string folder = folder_.path().string() + '/';
    for (std::size_t at; (at = line.find(folder)) != std::string::npos;) line.erase(at, folder.size());
    return line;
  }

  TemporaryFolder folder_;
};

TEST_F(Conversion, ThroughAnyFormatGivesTheSameBytes) {
  for (const char* const format : {"npz", "csv", "folder", "idx"}) {
    const std::string there = format + std::string(format == std::string("npz") ? ".npz" : "");
    convert("set", there, format);
    convert(there, std::string("back-") + format);
    for (const char* const name : idx_names)
      EXPECT_EQ(text(std::string("back-") + format + '/' + name), text(std::string("set/") + name)) << format;
    convert(std::string("back-") + format, "again-" + there, format);
  }
  EXPECT_EQ(text("again-npz.npz"), text("npz.npz"));
  EXPECT_EQ(text("again-csv/train.csv"), text("csv/train.csv"));
  EXPECT_EQ(text("again-folder/train/2/00005.png"), text("folder/train/2/00005.png"));
}

TEST_F(Conversion, CountsFilesAndBytes) {
  const Written idx = convert("set", "idx");
  EXPECT_EQ(idx.files, 4u);
  EXPECT_EQ(idx.bytes, 16u + 20 * 36 + 8 + 20 + 16 + 9 * 36 + 8 + 9);
  EXPECT_EQ(convert("set", "pictures", "folder").files, 29u);
  const Written npz = convert("set", "set.npz");
  EXPECT_EQ(npz.bytes, fs::file_size(folder_ / "set.npz"));
}

TEST_F(Conversion, WritesCsvAsKaggleHasIt) {
  make_file(folder_ / "in.csv", "label,p0,p1,p2,p3\n7,0,10,255,3\n1,9,8,7,6\n");
  convert("in.csv", "out.csv");
  EXPECT_EQ(text("out.csv"), "label,pixel0,pixel1,pixel2,pixel3\n7,0,10,255,3\n1,9,8,7,6\n");
  convert("in.csv", "out", "csv");
  EXPECT_EQ(text("out/train.csv"), text("out.csv"));
}

TEST_F(Conversion, KeepsImagesWithoutLabels) {
  make_file(folder_ / "test.csv", "p0,p1,p2,p3\n0,10,255,3\n");
  convert("test.csv", "set.npz");
  convert("set.npz", "out.csv");
  EXPECT_EQ(text("out.csv"), "pixel0,pixel1,pixel2,pixel3\n0,10,255,3\n");
  EXPECT_EQ(problem([&] { convert("test.csv", "idx"); }),
            "test.csv: the test part has no labels, which a set of IDX files needs");
  EXPECT_EQ(problem([&] { convert("test.csv", "pictures", "folder"); }),
            "test.csv: the test part has no labels, which a folder by class needs");
}

TEST_F(Conversion, KeepsTheNamesOfClassesInFolders) {
  make_file(folder_ / "set" / "labels.txt", "T-shirt/top\nTrouser\nPullover\n");
  for (const char* const format : {"idx", "csv", "folder"}) {
    convert("set", format, format);
    EXPECT_THAT(load_any_parts((folder_ / format).string()).test.class_names,
                ElementsAre("T-shirt/top", "Trouser", "Pullover"));
  }
  EXPECT_EQ(text("folder/labels.txt"), text("set/labels.txt"));
}

TEST_F(Conversion, RefusesWhatAFormatCannotHold) {
  fs::create_directory(folder_ / "oblong");
  SmallSet{}.write_to(folder_ / "oblong");
  EXPECT_THAT(problem([&] { convert("oblong", "out", "csv"); }), HasSubstr("does not tell their sides (5 x 7)"));
  EXPECT_EQ(problem([&] { convert("set", "out.csv"); }), "out.csv: a CSV file holds one part, and this set has two");
  make_file(folder_ / "ones.csv", "1,2,3,4,5\n1,6,7,8,9\n");
  EXPECT_THAT(problem([&] { convert("ones.csv", "out", "folder"); }), HasSubstr("images of one class only"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(Conversion, TakesTheFormatFromTheName) {
  EXPECT_EQ(out_format("a/set.npz", ""), OutFormat::npz);
  EXPECT_EQ(out_format("set.csv", ""), OutFormat::csv);
  EXPECT_EQ(out_format("set", ""), OutFormat::idx);
  EXPECT_EQ(out_format("set", "folder"), OutFormat::folder);
  EXPECT_THAT(problem([] { out_format("set", "npz"); }), HasSubstr("expected a file NAME.npz"));
  EXPECT_THAT(problem([] { out_format("set.npz", "idx"); }), HasSubstr("the name does not fit the format idx"));
  EXPECT_THAT(problem([] { out_format("set", "parquet"); }),
              HasSubstr("expected idx, npz, csv or folder, got parquet"));
}

TEST_F(Conversion, RefusesEndingsOfOtherFormats) {
  EXPECT_EQ(out_format("set.NPZ", ""), OutFormat::npz);
  EXPECT_EQ(out_format("set.CSV", ""), OutFormat::csv);
  EXPECT_EQ(out_format("x.h5", "idx"), OutFormat::idx);
  for (const char* const name : {"x.parquet", "x.h5", "x.csv.gz", "x.ZIP"})
    EXPECT_THAT(problem([&] { out_format(name, ""); }), HasSubstr("expected NAME.npz, NAME.csv, or a folder")) << name;
  EXPECT_THAT(problem([] { out_format("-", "csv"); }), HasSubstr("not written to the standard output"));
}

TEST_F(Conversion, RefusesTablesThatWouldBeReadAsAnotherPart) {
  make_file(folder_ / "digits.csv", "label,p0,p1,p2,p3\n7,0,10,255,3\n1,9,8,7,6\n");
  EXPECT_EQ(problem([&] { convert("digits.csv", "mnist_test.csv"); }),
            "mnist_test.csv: under this name the training part would not be read as one (expected a name like "
            "train.csv)");
  fs::copy_file(folder_ / "digits.csv", folder_ / "test.csv");
  for (const char* const out : {"out.csv", "contest.csv", "train_test.csv"})
    EXPECT_THAT(problem([&] { convert("test.csv", out); }), HasSubstr("the test part would not be read as one")) << out;
  convert("test.csv", "my-test.CSV");
  EXPECT_EQ(load_any_parts((folder_ / "my-test.CSV").string()).test.size(), 2u);
  EXPECT_THAT(problem([&] { convert("test.csv", "idx"); }), HasSubstr("there is no training part"));
  DataCollection set = load_any_parts((folder_ / "digits.csv").string());
  set.training.labels.clear();
  EXPECT_THAT(problem([&] { check_fits(set, OutFormat::csv, "out"); }), HasSubstr("is read as a test part"));
  set = load_any_parts((folder_ / "digits.csv").string());
  set.training.rows = set.training.columns = 1;
  EXPECT_THAT(problem([&] { check_fits(set, OutFormat::csv, "out"); }), HasSubstr("the images have one"));
}

TEST_F(Conversion, LeavesNothingWhereTheDiskIsFull) {
  for (const char* const out : {"idx", "csv", "folder", "set.npz"}) {
    test::WatchedFiles files;
    int writes = 0;
    files.before = [&](test::Call call) { return call == test::Call::write && ++writes == 2 ? ENOSPC : 0; };
    files.longest_write = 200;
    const test::FilesInUse in_use(files);
    EXPECT_THAT(problem([&] { convert("set", out, out == std::string("set.npz") ? "" : out); }),
                HasSubstr("no space left on device"));
    EXPECT_THAT(folder_.names(), ElementsAre("set")) << out;
  }
}

}  // namespace
}  // namespace nib
