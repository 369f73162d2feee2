// Data sets as they are met: smaller than a batch, sorted, with a label that is none, in a folder below the one given.

#include <gmock/gmock.h>

#include <fstream>

#include "commands/small_set.h"
#include "support/golden.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::streamoff label_begin = 8;

void set_label(const std::filesystem::path& file, std::streamoff index, char label) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(label_begin + index);
  stream.put(label);
}

struct SmallData : testing::Test {
  const TemporaryFolder folder;
  const std::string weights = golden::path("keras/trained.safetensors").string();
};

// Keras trains on 18 images with a batch of 128 in one step.
TEST_F(SmallData, FewerThanABatchTrainInOneStep) {
  write_set(folder / "set", 28, 28, 20, 6);
  const Ending training = nib(small_training({"--out", "run"}), folder.path());
  EXPECT_EQ(training.code, 0) << training.errors;
  EXPECT_THAT(training.output, HasSubstr("Training: 18 images in 1 step an epoch, batch 18, "));
  const Ending one_batch = nib(small_training({"--out", "same", "--batch", "18"}), folder.path());
  EXPECT_EQ(value_of(training.output, "weights sha256: "), value_of(one_batch.output, "weights sha256: "));
}

TEST_F(SmallData, SortedByClassGiveAWarning) {
  write_set(folder / "set", 28, 28, 40, 10);
  for (int image = 0; image < 40; ++image)
    set_label(folder / "set/train-labels-idx1-ubyte", image, static_cast<char>(image / 4));
  const Ending sorted =
      nib(small_training({"--validation-split", "0.2", "--epochs", "1", "--out", "run"}), folder.path());
  EXPECT_EQ(sorted.code, 0) << sorted.errors;
  EXPECT_EQ(sorted.errors,
            "nib: warning: the validation part, 8 images, has classes that the training part lacks: 8 and 9; "
            "where images are sorted by class, --validation stratified holds out some of each\n");
  EXPECT_THAT(nib(small_training({"--validation-split", "0", "--epochs", "1", "--out", "all"}), folder.path()).errors,
              IsEmpty());
}

TEST_F(SmallData, WithAStrayLabelAreRefusedWithFileAndByte) {
  write_set(folder / "set", 28, 28, 20, 6);
  set_label(folder / "set/t10k-labels-idx1-ubyte", 3, 10);
  const std::string line =
      "nib: error: set/t10k-labels-idx1-ubyte: label 3 at byte 11: the network has 10 classes only (expected 0 to 9, "
      "got 10)\nhint: 1 of 6 labels is no class; --network FILE takes a network for other classes\n";
  EXPECT_EQ(nib({"evaluate", weights, "--data", "set"}, folder.path()).errors, line);
  EXPECT_EQ(nib(small_training({"--out", "run"}), folder.path()).errors, line);
  set_label(folder / "set/train-labels-idx1-ubyte", 7, static_cast<char>(255));
  const Ending both = nib(small_training({"--out", "run"}), folder.path());
  EXPECT_EQ(both.code, 3);
  EXPECT_THAT(both.errors, HasSubstr("set/train-labels-idx1-ubyte: label 7 at byte 15: the network has 10 classes "
                                     "only (expected 0 to 9, got 255)"));
}

// EMNIST's letters are labelled 1 to 26.
TEST_F(SmallData, WhoseLabelsBeginAt1AreToldSo) {
  write_set(folder / "set", 28, 28, 20, 10);
  for (const auto& [file, images] : {std::pair{"train-labels-idx1-ubyte", 20}, {"t10k-labels-idx1-ubyte", 10}})
    for (int image = 0; image < images; ++image)
      set_label(folder / "set" / file, image, static_cast<char>(1 + image % 10));
  const Ending ending = nib(small_training({"--out", "run"}), folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, AllOf(HasSubstr("label 9 at byte 17: the network has 10 classes only (expected 0 to 9, "
                                             "got 10)\n"),
                                   HasSubstr("hint: the labels begin at 1, and nib counts classes from 0: take 1 from "
                                             "each of them\n")));
}

TEST_F(SmallData, ThatCannotBeTrainedWithAreVerifiedAsSuch) {
  make_file(folder / "test.csv", "a,b,c,d\n0,9,255,7\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"data", "verify", "test.csv"}, {"data", "verify", "--data", "test.csv"}}) {
    const Ending ending = nib(arguments, folder.path());
    EXPECT_EQ(ending.code, 3);
    EXPECT_THAT(ending.output, HasSubstr("\nok     t10k-images: "));
    EXPECT_EQ(ending.errors,
              "nib: error: test.csv: whole, but no set to train with: has no training part\n"
              "hint: nib predict answers such images\n");
  }
  const Ending document = nib({"data", "verify", "test.csv", "--json"}, folder.path());
  EXPECT_THAT(document.output, AllOf(HasSubstr("\"whole\": true"), HasSubstr("\"trainable\": false"),
                                     HasSubstr("\"problem\": \"has no training part\"")));
}

// torchvision's root has the files in MNIST/raw.
TEST_F(SmallData, BelowTheFolderThatWasGivenAreUsedWhereThereIsOneSet) {
  std::filesystem::create_directories(folder / "root/MNIST");
  write_set(folder / "root/MNIST/raw", 28, 28, 20, 6);
  const Ending one = nib({"show", "--data", "root"}, folder.path());
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.errors, "nib: warning: root: the set in it is used, MNIST/raw\n");
  EXPECT_EQ(nib({"show", "--data", "root/MNIST/raw"}, folder.path()).output, one.output);
  std::filesystem::create_directories(folder / "root/FashionMNIST");
  write_set(folder / "root/FashionMNIST/raw", 28, 28, 20, 6);
  const Ending two = nib({"show", "--data", "root"}, folder.path());
  EXPECT_EQ(two.code, 3);
  EXPECT_THAT(two.errors, HasSubstr("\nhint: there are sets in FashionMNIST/raw and MNIST/raw: give one of these "
                                    "folders as --data\n"));
  EXPECT_THAT(nib({"data", "verify", "--data", "root"}, folder.path()).output,
              HasSubstr("\n       hint: there are sets in FashionMNIST/raw and MNIST/raw: "));
  EXPECT_THAT(nib({"show", "--data", "root/MNIST/raw/t10k-images-idx3-ubyte"}, folder.path()).errors,
              HasSubstr("\nhint: give the folder that it is in: root/MNIST/raw\n"));
}

}  // namespace
}  // namespace nib
