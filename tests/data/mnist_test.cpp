// The bundled files: real MNIST, byte for byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "data/catalogue.h"
#include "data/idx_files.h"
#include "data/inspection.h"
#include "data/known_sets.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

std::array<std::size_t, 10> class_counts(const std::uint8_t* begin, const std::uint8_t* end) {
  std::array<std::size_t, 10> counts{};
  for (const std::uint8_t* label = begin; label != end; ++label) ++counts.at(*label);
  return counts;
}

class Mnist : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const ScopedEnvironment data("NIB_DATA", NIB_DATA_SOURCE);
    collection_ = new DataCollection(load_data("mnist"));
  }
  static void TearDownTestSuite() { delete collection_; }
  static DataCollection* collection_;
};

DataCollection* Mnist::collection_ = nullptr;

TEST_F(Mnist, IsTheBundledSet) {
  EXPECT_EQ(collection_->name, "mnist");
  EXPECT_EQ(collection_->title, "MNIST");
  EXPECT_EQ(collection_->folder, fs::path(NIB_DATA_SOURCE) / "mnist");
  EXPECT_THAT(collection_->warnings, IsEmpty());
  EXPECT_THAT(collection_->files, Each(Field(&DataFile::gzipped, true)));
}

TEST_F(Mnist, HasItsRawHashes) {
  ASSERT_EQ(collection_->files.size(), 4u);
  for (std::size_t role = 0; role < 4; ++role)
    EXPECT_EQ(collection_->files[role].raw_sha256, find_known_set("mnist")->sha256[role]);
  EXPECT_EQ(collection_->files[0].raw_bytes, 47'040'016u);
  EXPECT_EQ(collection_->files[1].raw_bytes, 60'008u);
  EXPECT_EQ(collection_->files[2].raw_bytes, 7'840'016u);
  EXPECT_EQ(collection_->files[3].raw_bytes, 10'008u);
}

TEST_F(Mnist, HasItsImages) {
  EXPECT_EQ(collection_->training.size(), 60'000u);
  EXPECT_EQ(collection_->test.size(), 10'000u);
  EXPECT_EQ(collection_->training.rows, 28u);
  EXPECT_EQ(collection_->training.columns, 28u);
  // The first inked pixel of the first digit, a five: row 5, column 12.
  const std::uint8_t* five = collection_->training.image(0);
  EXPECT_EQ(std::find_if(five, five + 784, [](std::uint8_t pixel) { return pixel != 0; }) - five, 5 * 28 + 12);
  EXPECT_EQ(five[5 * 28 + 12], 3);
}

// Counts of the classes as published with Keras's tutorials and recounted here.
TEST_F(Mnist, HasItsClassCounts) {
  const std::uint8_t* training = collection_->training.labels.data();
  EXPECT_THAT(class_counts(training, training + 60'000),
              ElementsAre(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949));
  EXPECT_THAT(class_counts(training + 54'000, training + 60'000),
              ElementsAre(587, 630, 600, 627, 595, 549, 571, 668, 597, 576));
  const std::uint8_t* test = collection_->test.labels.data();
  EXPECT_THAT(class_counts(test, test + 10'000), ElementsAre(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009));
  EXPECT_THAT(collection_->training.class_names, ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

TEST_F(Mnist, IsRecognisedInAnyFolder) {
  const TemporaryFolder folder;
  for (const char* name : {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"})
    fs::create_symlink(fs::path(NIB_DATA_SOURCE) / "mnist" / name, folder / name);
  EXPECT_EQ(load_data(folder.path().string(), DataParts::test_only).name, "mnist");
}

TEST_F(Mnist, OneChangedLabelMakesTheSetUnknownAndIsNamed) {
  const TemporaryFolder folder;
  fs::create_symlink(fs::path(NIB_DATA_SOURCE) / "mnist" / "t10k-images-idx3-ubyte.gz",
                     folder / "t10k-images-idx3-ubyte.gz");
  Bytes labels = collection_->test.labels;
  labels[4711] = static_cast<std::uint8_t>((labels[4711] + 1) % 10);
  const fs::path changed = write(folder / "t10k-labels-idx1-ubyte", idx_labels(10'000, labels));

  const DataCollection collection = load_data(folder.path().string(), DataParts::test_only);
  EXPECT_EQ(collection.name, "unknown");
  EXPECT_THAT(collection.warnings,
              ElementsAre(changed.string() + ": is not the file of MNIST, though others beside it are"));

  const ScopedEnvironment data("NIB_DATA", folder.path().string());
  const Error error = error_of([] { load_data("mnist", DataParts::test_only); });
  EXPECT_EQ(error.problem().file, changed.string());
  EXPECT_EQ(error.problem().expected, find_known_set("mnist")->sha256[3]);
}

TEST_F(Mnist, SaysWhoseFileItFound) {
  const TemporaryFolder folder;
  SmallSet{}.write_to(folder.path());
  fs::remove(folder / "t10k-images-idx3-ubyte");
  fs::create_symlink(fs::path(NIB_DATA_SOURCE) / "mnist" / "t10k-images-idx3-ubyte.gz",
                     folder / "t10k-images-idx3-ubyte.gz");
  const ScopedEnvironment data("NIB_DATA", folder.path().string());
  const Error error = error_of([] { load_data("fashion", DataParts::test_only); });
  EXPECT_EQ(error.problem().problem, "not the t10k-images of Fashion-MNIST");
  EXPECT_THAT(error.problem().got, ::testing::EndsWith(", which is t10k-images of MNIST"));
}

TEST_F(Mnist, PassesInspection) {
  const DataReport report = inspect_data((fs::path(NIB_DATA_SOURCE) / "mnist").string());
  EXPECT_EQ(report.title, "MNIST");
  EXPECT_EQ(problem_count(report), 0u);
  ASSERT_EQ(report.files.size(), 4u);
  EXPECT_EQ(report.files[1].file.value().raw_sha256, find_known_set("mnist")->sha256[1]);
}

}  // namespace
}  // namespace nib
