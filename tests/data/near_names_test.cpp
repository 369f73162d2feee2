#include "data/near_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/file_names.h"
#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const FileRole& training_images = file_roles[0];
const FileRole& test_labels = file_roles[3];

class NearNames : public ::testing::Test {
 protected:
  void put(const std::string& name) {
    fs::create_directories((folder_ / name).parent_path());
    make_file(folder_ / name, "x");
  }
  std::string hint(const FileRole& role) const {
    return name_settings(hint_at_near_names(folder_.path(), role),
                         [](std::string_view setting) { return "--" + std::string(setting); });
  }

  TemporaryFolder folder_;
};

class OtherWriting : public NearNames, public ::testing::WithParamInterface<const char*> {};

TEST_P(OtherWriting, IsTaken) {
  put(GetParam());
  put("train-labels-idx1-ubyte");
  put(std::string("._") + GetParam());
  EXPECT_THAT(other_writings(folder_.path(), test_labels), ElementsAre(folder_ / GetParam()));
  EXPECT_THAT(present_files(folder_.path(), test_labels), ElementsAre(folder_ / GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Names, OtherWriting,
                         ::testing::Values("test-labels-idx1-ubyte", "test-labels.idx1-ubyte.gz",
                                           "T10K-Labels-IDX1-ubyte", "T10K-LABELS-IDX1-UBYTE.GZ",
                                           "t10k-labels-idx1-ubyte (1).gz", "t10k-labels-idx1-ubyte(12)",
                                           "t10k-labels (1).idx1-ubyte", "t10k_labels_idx1_ubyte",
                                           "t10k-labels-idx1-ubyte.gz (1)"));

TEST_F(NearNames, AreTakenOnlyWhereOneFileCanBeMeant) {
  put("test-labels-idx1-ubyte.gz");
  put("test-labels-idx1-ubyte");
  EXPECT_THAT(other_writings(folder_.path(), test_labels),
              ElementsAre(folder_ / "test-labels-idx1-ubyte", folder_ / "test-labels-idx1-ubyte.gz"));
  put("t10k-labels-idx1-ubyte (1)");
  EXPECT_THAT(other_writings(folder_.path(), test_labels), IsEmpty());
  EXPECT_EQ(hint(test_labels),
            "t10k-labels-idx1-ubyte (1), test-labels-idx1-ubyte and test-labels-idx1-ubyte.gz are there: the file that "
            "is meant has to have one of the names above");
}

TEST_F(NearNames, OfAnotherFileAreNone) {
  for (const char* name : {"test-images-idx3-ubyte", "t10k-labels-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte",
                           "t10k-labels-idx1-ubyte.gz.part", "t10k-labels-idx1-ubyte (x)", "._t10k-labels-idx1-ubyte"})
    put(name);
  EXPECT_THAT(other_writings(folder_.path(), test_labels), IsEmpty());
  EXPECT_THAT(other_writings(folder_ / "absent", test_labels), IsEmpty());
}

TEST_F(NearNames, AreHintedAt) {
  EXPECT_EQ(hint(training_images), "");
  put("emnist-letters-train-images-idx3-ubyte");
  put("emnist-letters-train-labels-idx1-ubyte");
  put("emnist-letters-test-images-idx3-ubyte");
  EXPECT_EQ(
      hint(training_images),
      "emnist-letters-train-images-idx3-ubyte is there: the file that is meant has to have one of the names above");
  for (const char* set : {"balanced", "byclass", "bymerge"})
    put(std::string("emnist-") + set + "-train-images-idx3-ubyte");
  EXPECT_THAT(hint(training_images),
              ::testing::HasSubstr("emnist-bymerge-train-images-idx3-ubyte and 1 more are there"));
}

TEST_F(NearNames, TellOfAnIncompleteDownload) {
  put("t10k-labels-idx1-ubyte.gz.part");
  EXPECT_EQ(hint(test_labels), "t10k-labels-idx1-ubyte.gz.part is there, an incomplete download");
}

// torchvision is given the folder above MNIST/raw.
TEST_F(NearNames, TellInWhichFolderTheFilesAre) {
  put("MNIST/raw/t10k-labels-idx1-ubyte.gz");
  EXPECT_EQ(hint(test_labels),
            "there are such files in MNIST/raw: give " + (folder_ / "MNIST/raw").string() + " as --data");
  put("FashionMNIST/raw/train-images-idx3-ubyte");
  put(".hidden/train-images-idx3-ubyte");
  put("one/two/three/train-images-idx3-ubyte");
  EXPECT_EQ(hint(test_labels), "there are such files in FashionMNIST/raw and MNIST/raw: give that folder as --data");
}

}  // namespace
}  // namespace nib
