// Folders with four small IDX files, well-formed and not, through load_data().
#include "data/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Catalogue : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  DataCollection load() const { return load_data(folder_.path().string()); }
  Error error() const {
    return error_of([&] { load(); });
  }
  /// The line of a bad-input error.
  std::string line() const {
    const Error thrown = error();
    EXPECT_EQ(thrown.code(), ExitCode::bad_input);
    return thrown.what();
  }

  TemporaryFolder folder_;
  SmallSet set_;
};

TEST_F(Catalogue, ReadsAnyIdxSet) {
  set_.write_to(folder_.path());
  const DataCollection collection = load();
  EXPECT_EQ(collection.name, "unknown");
  EXPECT_EQ(collection.title, "unknown IDX set");
  EXPECT_EQ(collection.training.rows, 5u);
  EXPECT_EQ(collection.training.columns, 7u);
  EXPECT_EQ(collection.training.size(), 6u);
  EXPECT_EQ(collection.test.size(), 4u);
  EXPECT_EQ(collection.test.pixels, some_bytes(4 * 5 * 7));
  EXPECT_THAT(collection.training.labels, ElementsAre(0, 1, 2, 0, 1, 2));
  EXPECT_THAT(collection.training.class_names, ElementsAre("0", "1", "2"));
  EXPECT_EQ(collection.test.class_names, collection.training.class_names);
  EXPECT_THAT(collection.warnings, IsEmpty());
  ASSERT_EQ(collection.files.size(), 4u);
  EXPECT_EQ(collection.files[3].path, folder_ / "t10k-labels-idx1-ubyte");
  EXPECT_EQ(collection.files[3].raw_bytes, 12u);
  // printf '\0\0\10\1\0\0\0\4\0\1\2\0' | sha256sum
  EXPECT_EQ(collection.files[3].raw_sha256, "aa8d9c3040a6303909604492776c9d93556942abf4515506bc82db1cb12a88fc");
  EXPECT_FALSE(collection.files[3].gzipped);
}

TEST_F(Catalogue, ReadsGzipAndDottedNames) {
  write(folder_ / "train-images.idx3-ubyte", set_.training_images());
  write(folder_ / "train-labels.idx1-ubyte.gz", gzip(set_.training_labels()));
  write(folder_ / "t10k-images-idx3-ubyte.gz", gzip(set_.test_images()));
  write(folder_ / "t10k-labels-idx1-ubyte", set_.test_labels());
  const DataCollection collection = load();
  EXPECT_EQ(collection.training.pixels, some_bytes(6 * 5 * 7));
  EXPECT_THAT(collection.training.labels, ElementsAre(0, 1, 2, 0, 1, 2));
  EXPECT_TRUE(collection.files[1].gzipped);
  EXPECT_EQ(collection.files[1].raw_bytes, 14u);
  EXPECT_FALSE(collection.files[0].gzipped);
}

TEST_F(Catalogue, TheTestPartAloneNeedsNoTrainingFiles) {
  write(folder_ / "t10k-images-idx3-ubyte", set_.test_images());
  write(folder_ / "t10k-labels-idx1-ubyte", set_.test_labels());
  const DataCollection collection = load_data(folder_.path().string(), DataParts::test_only);
  EXPECT_EQ(collection.test.size(), 4u);
  EXPECT_EQ(collection.training.size(), 0u);
  EXPECT_EQ(collection.files.size(), 2u);
}

TEST_F(Catalogue, TakesClassNamesFromLabelsTxt) {
  set_.write_to(folder_.path());
  make_file(folder_ / "labels.txt", "circle\nsquare\nstar\ncross\n");
  EXPECT_THAT(load().test.class_names, ElementsAre("circle", "square", "star", "cross"));
}

TEST_F(Catalogue, LabelsMustBeBelowTheNumberOfClasses) {
  set_.write_to(folder_.path());
  make_file(folder_ / "labels.txt", "circle\nsquare\n");
  EXPECT_EQ(line(), path("train-labels-idx1-ubyte") +
                        ": label 2 at byte 10: there are 2 classes only (expected 0 to 1, got 2)");
}

TEST_F(Catalogue, ImagesAndLabelsMustPair) {
  set_.write_to(folder_.path());
  write(folder_ / "t10k-labels-idx1-ubyte", idx_labels(3, {0, 1, 2}));
  EXPECT_EQ(line(),
            path("t10k-labels-idx1-ubyte") +
                ": count at byte 4: not one label for each image of t10k-images-idx3-ubyte (expected 4, got 3)");
}

TEST_F(Catalogue, BothPartsMustHaveImagesOfOneSize) {
  set_.write_to(folder_.path());
  write(folder_ / "t10k-images-idx3-ubyte", idx_images(4, 7, 5, some_bytes(4 * 35)));
  EXPECT_EQ(line(),
            path("t10k-images-idx3-ubyte") +
                ": rows at byte 8: images are not as large as those of train-images-idx3-ubyte (expected 5, got "
                "7)");
}

TEST_F(Catalogue, NamesEverySpellingOfAMissingFile) {
  set_.write_to(folder_.path());
  fs::remove(folder_ / "train-labels-idx1-ubyte");
  EXPECT_EQ(line(), folder_.path().string() +
                        ": train-labels: file is missing; none of these is there: train-labels-idx1-ubyte, "
                        "train-labels.idx1-ubyte, train-labels-idx1-ubyte.gz and train-labels.idx1-ubyte.gz");
}

TEST_F(Catalogue, TheFirstOfSeveralBadFilesIsReported) {
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"})
    make_file(folder_ / name, "");
  for (int repetition = 0; repetition < 20; ++repetition)
    EXPECT_EQ(line(),
              path("train-images-idx3-ubyte") + ": file is empty (expected an IDX header of 16 bytes, got 0 bytes)");
}

TEST_F(Catalogue, PrefersRawFilesAndSaysSo) {
  set_.write_to(folder_.path());
  write(folder_ / "t10k-labels-idx1-ubyte.gz", gzip(idx_labels(4, {1, 1, 1, 1})));
  const DataCollection collection = load();
  EXPECT_THAT(collection.test.labels, ElementsAre(0, 1, 2, 0));
  EXPECT_THAT(collection.warnings,
              ElementsAre(path("t10k-labels-idx1-ubyte") + ": used; t10k-labels-idx1-ubyte.gz is ignored"));
}

TEST_F(Catalogue, NamesTheWholeFileBesideOneThatIsCut) {
  set_.write_to(folder_.path());
  const Bytes whole = set_.training_images();
  write(folder_ / "train-images-idx3-ubyte", {whole.begin(), whole.end() - 10});
  EXPECT_EQ(error().problem().hint, "");
  write(folder_ / "train-images.idx3-ubyte.gz", gzip({whole.begin(), whole.end() - 10}));
  EXPECT_EQ(error().problem().hint, "");
  write(folder_ / "train-images-idx3-ubyte.gz", gzip(whole));
  for (const Bytes& cut : {Bytes(whole.begin(), whole.end() - 10), Bytes()}) {
    write(folder_ / "train-images-idx3-ubyte", cut);
    const Error thrown = error();
    EXPECT_EQ(thrown.problem().file, path("train-images-idx3-ubyte"));
    EXPECT_EQ(thrown.problem().hint,
              "train-images-idx3-ubyte.gz beside it is whole: remove train-images-idx3-ubyte to use that");
  }
}

TEST_F(Catalogue, ReadsRawFilesThatAreCalledGz) {
  set_.write_to(folder_.path());
  fs::rename(folder_ / "t10k-images-idx3-ubyte", folder_ / "t10k-images-idx3-ubyte.gz");
  const DataCollection collection = load();
  EXPECT_EQ(collection.test.pixels, some_bytes(4 * 5 * 7));
  EXPECT_FALSE(collection.files[2].gzipped);
  EXPECT_THAT(collection.warnings, IsEmpty());
}

TEST_F(Catalogue, TakesFilesUnderOtherNamesAndSaysSo) {
  set_.write_to(folder_.path());
  fs::rename(folder_ / "t10k-images-idx3-ubyte", folder_ / "test-images.idx3-ubyte");
  write(folder_ / "._test-images.idx3-ubyte", {0, 5, 0x16, 7});
  const DataCollection collection = load();
  EXPECT_EQ(collection.test.pixels, some_bytes(4 * 5 * 7));
  EXPECT_THAT(collection.warnings, ElementsAre(path("test-images.idx3-ubyte") + ": used as t10k-images"));
}

TEST_F(Catalogue, SaysThatLabelsBeginAt1) {
  set_.write_to(folder_.path());
  write(folder_ / "train-labels-idx1-ubyte", idx_labels(6, {1, 2, 3, 1, 2, 3}));
  write(folder_ / "t10k-labels-idx1-ubyte", idx_labels(4, {3, 3, 2, 3}));
  EXPECT_THAT(load().warnings, ElementsAre("the labels begin at 1 (1 to 3): class 0 has no image"));
  make_file(folder_ / "labels.txt", "circle\nsquare\nstar\n");
  EXPECT_EQ(line(), path("train-labels-idx1-ubyte") +
                        ": label 2 at byte 10: there are 3 classes only (expected 0 to 2, got 3)");
  EXPECT_EQ(error().problem().hint, "the labels begin at 1, and nib counts classes from 0: take 1 from each of them");
}

TEST_F(Catalogue, WarnsOfPixelsThatAreMuchPalerThanInk) {
  set_.write_to(folder_.path());
  Bytes pixels = some_bytes(6 * 35);
  for (std::uint8_t& pixel : pixels) pixel %= 2;
  write(folder_ / "train-images-idx3-ubyte", idx_images(6, 5, 7, pixels));
  EXPECT_THAT(load().warnings, ElementsAre(path("train-images-idx3-ubyte") +
                                           ": no pixel is above 1, and full ink is 255: were the images scaled?"));
  pixels[100] = 32;
  write(folder_ / "train-images-idx3-ubyte", idx_images(6, 5, 7, pixels));
  EXPECT_THAT(load().warnings, IsEmpty());
}

TEST_F(Catalogue, WarnsOfConstantLabels) {
  set_.write_to(folder_.path());
  write(folder_ / "train-labels-idx1-ubyte", idx_labels(6, Bytes(6, 2)));
  EXPECT_THAT(load().warnings, ElementsAre(path("train-labels-idx1-ubyte") + ": every label is 2"));
}

TEST_F(Catalogue, WarnsOfBlankImages) {
  set_.write_to(folder_.path());
  Bytes pixels = some_bytes(6 * 35);
  std::fill(pixels.begin() + 35, pixels.begin() + 105, std::uint8_t{0});
  write(folder_ / "train-images-idx3-ubyte", idx_images(6, 5, 7, pixels));
  EXPECT_THAT(load().warnings, ElementsAre(path("train-images-idx3-ubyte") + ": 2 of 6 images are blank (all zero)"));
}

TEST_F(Catalogue, WarnsOfSwappedParts) {
  std::swap(set_.training, set_.test);
  set_.write_to(folder_.path());
  EXPECT_THAT(load().warnings, ElementsAre(path("train-images-idx3-ubyte") +
                                           " has fewer images (4) than t10k-images-idx3-ubyte (6): are training and "
                                           "test files swapped?"));
}

TEST_F(Catalogue, AFileOfASetAskedForByNameMustHaveItsHash) {
  set_.write_to(folder_.path());
  const ScopedEnvironment data("NIB_DATA", folder_.path().string());
  const Error thrown = error_of([] { load_data("mnist", DataParts::test_only); });
  EXPECT_EQ(thrown.code(), ExitCode::bad_input);
  EXPECT_THAT(thrown.what(), ::testing::StartsWith(path("t10k-images-idx3-ubyte") +
                                                   ": SHA-256: not the t10k-images of MNIST (expected 0fa7898d"));
  EXPECT_EQ(thrown.problem().got.size(), 64u);
}

TEST_F(Catalogue, RefusesWhatIsNoRegularFile) {
  set_.write_to(folder_.path());
  const fs::path labels = folder_ / "t10k-labels-idx1-ubyte";
  fs::remove(labels);
  ASSERT_EQ(::mkfifo(labels.c_str(), 0600), 0);
  EXPECT_EQ(line(), labels.string() + ": not a regular file (expected a regular file, got a FIFO)");
  fs::remove(labels);
  fs::create_symlink("/dev/zero", labels);
  EXPECT_EQ(line(), labels.string() + ": not a regular file (expected a regular file, got a device)");
}

TEST_F(Catalogue, RefusesLinksThatLeadNowhere) {
  set_.write_to(folder_.path());
  const fs::path labels = folder_ / "t10k-labels-idx1-ubyte";
  fs::remove(labels);
  fs::create_symlink(labels, labels);
  EXPECT_EQ(error().code(), ExitCode::io);
  EXPECT_EQ(error().what(), labels.string() + ": cannot open: too many levels of symbolic links");
  fs::remove(labels);
  fs::create_symlink(folder_ / "absent", labels);
  EXPECT_EQ(error().what(), labels.string() + ": cannot open: no such file or directory");
}

TEST_F(Catalogue, SaysWhatMayNotBeRead) {
  set_.write_to(folder_.path());
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(folder_ / "train-labels-idx1-ubyte", fs::perms::none);
  {
    const OrdinaryUser user;
    EXPECT_EQ(error().code(), ExitCode::io);
    EXPECT_EQ(error().what(), path("train-labels-idx1-ubyte") + ": cannot open: permission denied");
  }
  fs::permissions(folder_.path(), fs::perms::none);
  {
    const OrdinaryUser user;
    EXPECT_EQ(error().code(), ExitCode::io);
    EXPECT_EQ(error().what(), folder_.path().string() + ": cannot list the folder: permission denied");
  }
  fs::permissions(folder_.path(), fs::perms::all);
}

TEST_F(Catalogue, RefusesHugeFilesAtOnce) {
  set_.write_to(folder_.path());
  fs::resize_file(folder_ / "train-images-idx3-ubyte", std::uintmax_t{10} << 30);  // sparse
  EXPECT_EQ(line(), path("train-images-idx3-ubyte") +
                        ": file too large (expected at most 4,294,967,296 bytes, got 10,737,418,240 bytes)");
}

}  // namespace
}  // namespace nib
