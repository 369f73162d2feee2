// Folders of pictures by class through load_data(). Pictures are PGM files, which are written in a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/catalogue.h"
#include "data/idx_files.h"
#include "data/picture_list.h"
#include "images/decoding/image_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class PictureSet : public ::testing::Test {
 protected:
  /// A picture of 1 x 2 pixels, or of other sizes, all of the given light.
  void put(const std::string& name, std::uint8_t light, std::size_t rows = 1, std::size_t columns = 2) const {
    fs::create_directories((folder_ / name).parent_path());
    make_file(folder_ / name, "P5 " + std::to_string(columns) + ' ' + std::to_string(rows) + " 255\n" +
                                  std::string(rows * columns, static_cast<char>(light)));
  }
  DataCollection load(DataParts parts = DataParts::both) const { return load_data(folder_.path().string(), parts); }
  std::string problem() const {
    const Error error = error_of([&] { load(); });
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return std::string(error.what()).substr(folder_.path().string().size());
  }

  TemporaryFolder folder_;
};

TEST_F(PictureSet, OfTwoPartsIsOrderedByFileNameAcrossClasses) {
  put("train/7/img_10.pgm", 90);
  put("train/7/img_2.pgm", 40);
  put("train/0/img_3.pgm", 50);
  put("train/0/img_1.PGM", 60);
  put("train/0/._img_1.pgm", 1);
  make_file(folder_ / "train/0/notes.txt", "nothing");
  put("test/7/a.pgm", 70);
  put("test/0/b.pgm", 80);
  const DataCollection set = load();
  EXPECT_EQ(set.found, "pictures by class, 4 training pictures, 2 test pictures");
  EXPECT_EQ(set.title, "unknown picture set");
  EXPECT_EQ(set.training.rows, 1u);
  EXPECT_EQ(set.training.columns, 2u);
  EXPECT_THAT(set.training.pixels, ElementsAre(60, 60, 40, 40, 50, 50, 90, 90));
  EXPECT_THAT(set.training.labels, ElementsAre(0, 7, 0, 7));
  EXPECT_THAT(set.training.class_names, SizeIs(8));
  EXPECT_THAT(set.test.labels, ElementsAre(7, 0));
  EXPECT_EQ(load(DataParts::test_only).training.size(), 0u);
}

/// A light sheet with a dark bar in the middle, in colours.
std::string bar(std::size_t columns, std::size_t rows) {
  std::string text = "P6 " + std::to_string(columns) + ' ' + std::to_string(rows) + " 255\n";
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const bool ink = row > rows / 4 && row < rows * 3 / 4 && column > columns / 2 && column < columns / 2 + 6;
      text += ink ? "\x20\x20\x50" : "\xF0\xE8\xD8";
    }
  return text;
}

TEST_F(PictureSet, OfPhotosIsPreparedWhereAskedFor) {
  for (const auto& [name, columns] :
       {std::pair{"train/0/a.ppm", 80u}, {"train/1/b.ppm", 90u}, {"test/0/d.ppm", 70u}, {"test/1/c.ppm", 90u}}) {
    fs::create_directories((folder_ / name).parent_path());
    make_file(folder_ / name, bar(columns, 80));
  }
  const DataCollection set = load_data(folder_.path().string(), {DataParts::both, PictureSize{28, 28}});
  EXPECT_EQ(set.found,
            "pictures by class, 2 training pictures, 2 test pictures, prepared as 28 x 28, colours made grey");
  EXPECT_TRUE(set.pictures);
  EXPECT_THAT(set.warnings, ::testing::IsEmpty());
  EXPECT_EQ(set.training.size(), 2u);
  EXPECT_EQ(set.training.image(0)[0], 0);
  EXPECT_GT(set.training.image(0)[14 * 28 + 14], 200);
  const Error error = error_of([&] { load(); });
  EXPECT_THAT(error.problem().hint, HasSubstr("makes images of one size of them"));
}

TEST_F(PictureSet, AloneCanBePrepared) {
  make_file(folder_ / "train.csv", "1,10,90,255,70\n");
  const Error error = error_of([&] { load_data(folder_.path().string(), {DataParts::both, PictureSize{28, 28}}); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("is for folders of pictures"));
}

TEST_F(PictureSet, OfWordsHasThemAsClassNames) {
  for (const char* name : {"training/shirt/1.pgm", "training/bag/2.pgm", "training/coat/3.pgm", "testing/coat/4.pgm",
                           "testing/shirt/5.pgm"})
    put(name, 60);
  const DataCollection set = load();
  EXPECT_THAT(set.training.class_names, ElementsAre("bag", "coat", "shirt"));
  EXPECT_THAT(set.training.labels, ElementsAre(2, 0, 1));
  EXPECT_THAT(set.test.labels, ElementsAre(1, 2));
  put("testing/hat/6.pgm", 60);
  EXPECT_EQ(problem(), "/testing/hat: a class without training pictures");
}

TEST_F(PictureSet, MayHaveTestPicturesWithoutLabels) {
  put("train/cat/1.pgm", 50);
  put("train/dog/2.pgm", 60);
  put("test/10.pgm", 90);
  put("test/9.pgm", 80);
  for (const DataParts parts : {DataParts::both, DataParts::test_only}) {
    const DataCollection set = load(parts);
    EXPECT_EQ(set.found, "pictures by class, 2 training pictures, 2 test pictures without labels");
    EXPECT_THAT(set.test.pixels, ElementsAre(80, 80, 90, 90));
    EXPECT_THAT(set.test.labels, ::testing::IsEmpty());
    EXPECT_THAT(set.test.class_names, ElementsAre("cat", "dog"));
  }
  put("testing/1.pgm", 90);
  EXPECT_EQ(problem(), ": test and testing could both be the test part (expected one folder a part)");
}

TEST_F(PictureSet, TellsWhatItLeavesOut) {
  for (const char* name : {"train/0/1.pgm", "train/1/2.pgm", "val/0/3.pgm", "val/1/4.pgm", "more/5.pgm", "6.pgm"})
    put(name, 50);
  fs::create_directory(folder_ / "notes");
  const std::string folder = folder_.path().string();
  EXPECT_EQ(load().found, "pictures by class, 2 training pictures, no test part");
  EXPECT_THAT(load().warnings,
              ElementsAre(folder + "/more: left out, as its name says neither train nor test",
                          folder + "/val: left out, but called test it would be the test part",
                          folder + ": pictures in the folder itself are left out, as they are of no class"));
  for (const char* name : {"test/0/7.pgm", "test/1/8.pgm", "dev/9.pgm"}) put(name, 50);
  for (const DataParts parts : {DataParts::both, DataParts::test_only})
    EXPECT_THAT(
        load(parts).warnings,
        ::testing::IsSupersetOf({HasSubstr("/val: left out, as nib holds validation images out of the training part: "),
                                 HasSubstr("/dev: left out, as nib holds validation images")}));
}

TEST_F(PictureSet, TellsAnotherSetBesideIt) {
  put("0/1.pgm", 50);
  put("1/2.pgm", 60);
  EXPECT_THAT(load().warnings, ::testing::IsEmpty());
  make_file(folder_ / "train.csv", "1,10,90,255,70\n");
  const DataCollection set = load();
  EXPECT_EQ(set.title, "unknown CSV set");
  ASSERT_THAT(set.warnings, SizeIs(2)) << "the labels are all 1";
  EXPECT_THAT(set.warnings.back(),
              ::testing::StartsWith(folder_.path().string() +
                                    ": the CSV set is used; left out beside it: pictures by class ("));
}

TEST_F(PictureSet, RefusesTwoFoldersOfOneNumber) {
  for (const char* name : {"train/3/1.pgm", "train/03/2.pgm", "train/4/3.pgm"}) put(name, 50);
  EXPECT_EQ(problem(), "/train: the folders 03 and 3 are one class (expected one folder a class)");
}

TEST_F(PictureSet, OfNumbersThatAreNoLabelsKeepsThemAsNames) {
  for (const char* name : {"train/12354/1.pgm", "train/12356/2.pgm", "test/12356/3.pgm"}) put(name, 50);
  const DataCollection set = load();
  EXPECT_THAT(set.training.class_names, ElementsAre("12354", "12356"));
  EXPECT_THAT(set.training.labels, ElementsAre(0, 1));
  for (const char* name : {"train/0/1.pgm", "train/10/2.pgm", "train/2/3.pgm", "train/none/4.pgm"}) put(name, 50);
  fs::remove_all(folder_ / "train/12354");
  fs::remove_all(folder_ / "train/12356");
  fs::remove_all(folder_ / "test");
  for (const char* name : {"test/2/3.pgm", "test/10/1.pgm"}) put(name, 50);
  EXPECT_THAT(load().training.class_names, ElementsAre("0", "10", "2", "none"));
  EXPECT_THAT(load().test.labels, ElementsAre(1, 2)) << "as in the training part, which has a class that is no number";
}

TEST_F(PictureSet, TellsPicturesOfOtherFormats) {
  for (const char* name : {"0/1.pgm", "1/2.pgm", "1/3.BMP", "1/4.txt"}) put(name, 50);
  EXPECT_THAT(load().warnings, ElementsAre((folder_ / "1/3.BMP").string() + ": left out, as nib takes " +
                                           image_endings() + " for pictures"));
  put("1/5.gif", 50);
  EXPECT_THAT(load().warnings, ElementsAre(HasSubstr(": left out with 1 more, as nib takes .png, ")));
}

TEST_F(PictureSet, OfAClassWhoseNameHasTwoLinesIsRefused) {
  for (const char* name : {"a\nb/1.pgm", "a\nc/2.pgm"}) put(name, 50);
  EXPECT_EQ(problem(), "/a\\x0ab: a class's name must be one line");
}

TEST_F(PictureSet, WithoutPartsLeavesEverySeventhForTheTest) {
  for (int i = 1; i <= 15; ++i) put((i % 2 ? "1/" : "0/") + std::to_string(i) + ".pgm", static_cast<std::uint8_t>(i));
  const DataCollection set = load();
  EXPECT_EQ(set.found, "pictures by class, 13 training pictures, 2 test pictures (every 7th)");
  EXPECT_THAT(set.test.pixels, ElementsAre(7, 7, 14, 14));
  EXPECT_THAT(set.test.labels, ElementsAre(1, 0));
  EXPECT_EQ(load(DataParts::test_only).test.pixels, set.test.pixels);
}

TEST_F(PictureSet, OfTooFewForATestPartHasNone) {
  put("0/1.pgm", 50);
  put("1/2.pgm", 60);
  EXPECT_EQ(load().found, "pictures by class, 2 training pictures, no test part");
}

TEST_F(PictureSet, WarnsOfALightGround) {
  put("0/1.pgm", 250);
  put("1/2.pgm", 240);
  EXPECT_THAT(load().warnings, ElementsAre(HasSubstr("dark ink on a light ground")));
}

TEST_F(PictureSet, ProblemsNameThePicture) {
  put("0/1.pgm", 50);
  put("1/2.pgm", 60, 3, 4);
  EXPECT_EQ(problem(), "/1/2.pgm: pictures of a set must be of one size (expected 1 x 2 pixels, as " +
                           (folder_ / "0/1.pgm").string() + " has, got 3 x 4)");
  put("1/2.pgm", 60);
  make_file(folder_ / "0/3.png", "<html>");
  EXPECT_THAT(problem(), HasSubstr("/0/3.png: "));
  fs::remove(folder_ / "0/3.png");
  put("0/0.pgm", 9, 300, 300);
  EXPECT_EQ(problem(), "/0/0.pgm: too large for a picture of a set (expected at most 256 x 256 pixels, got 300 x 300)");
}

TEST(PictureOrder, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(comes_before("9.png", "10.png"));
  EXPECT_TRUE(comes_before("img_2_9.png", "img_2_10.png"));
  EXPECT_TRUE(comes_before("a7", "b3"));
  EXPECT_FALSE(comes_before("10.png", "9.png"));
  EXPECT_FALSE(comes_before("7.png", "7.png"));
  EXPECT_TRUE(comes_before("007.png", "7.png")) << "equal but for zeros, so by the signs";
  EXPECT_FALSE(comes_before("7.png", "007.png"));
  EXPECT_TRUE(comes_before("7", "7a"));
  EXPECT_TRUE(comes_before("18446744073709551616", "18446744073709551617"));
}

TEST(IsOtherPicture, NeitherWhatIsReadNorWhatIsHidden) {
  for (const char* const name : {"a.gif", "B.TIF", "c.bmp", "d.svg"}) EXPECT_TRUE(is_other_picture(name)) << name;
  for (const char* const name : {"a.webp", "b.heic", "c.png", "._a.gif", "d.txt"})
    EXPECT_FALSE(is_other_picture(name)) << name;
}

}  // namespace
}  // namespace nib
