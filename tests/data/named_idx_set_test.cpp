// EMNIST-like and QMNIST-like sets, and IDX files of other numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/catalogue.h"
#include "data/idx.h"
#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Images of 2 x 2 pixels, stored with rows and columns swapped.
void put_letters(const fs::path& folder, const std::string& name) {
  write(folder / (name + "-train-images-idx3-ubyte.gz"),
        gzip(idx_images(3, 2, 2, {1, 3, 2, 4, 5, 7, 6, 8, 9, 9, 99, 9})));
  write(folder / (name + "-train-labels-idx1-ubyte.gz"), gzip(idx_labels(3, {1, 3, 2})));
  write(folder / (name + "-test-images-idx3-ubyte.gz"), gzip(idx_images(2, 2, 2, {10, 30, 20, 40, 1, 1, 1, 99})));
  write(folder / (name + "-test-labels-idx1-ubyte.gz"), gzip(idx_labels(2, {3, 1})));
  make_file(folder / (name + "-mapping.txt"), "1 65 97\r\n2 66 98\r\n3 67 99\r\n");
}

TEST(NamedIdxSet, EmnistsLettersComeUprightFromZeroAndWithNames) {
  const TemporaryFolder folder;
  put_letters(folder.path(), "emnist-letters");
  const DataCollection set = load_data(folder.path().string());
  EXPECT_EQ(set.found,
            "emnist-letters, 3 training images, 2 test images, turned upright, labels from 1 counted from 0");
  EXPECT_THAT(set.training.pixels, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 99, 9, 9));
  EXPECT_THAT(set.training.labels, ElementsAre(0, 2, 1));
  EXPECT_THAT(set.training.class_names, ElementsAre("Aa", "Bb", "Cc"));
  EXPECT_THAT(set.test.pixels, ElementsAre(10, 20, 30, 40, 1, 1, 1, 99));
  EXPECT_THAT(set.test.labels, ElementsAre(2, 0)) << "though 2 is not among them";
}

TEST(NamedIdxSet, OfSeveralHasToBeNamed) {
  const TemporaryFolder folder;
  put_letters(folder.path(), "emnist-letters");
  put_letters(folder.path(), "emnist-digits");
  const Error error = error_of([&] { load_data(folder.path().string()); });
  EXPECT_EQ(std::string(error.what()),
            folder.path().string() + ": several sets: emnist-digits and emnist-letters (expected one set, got 2)");
  EXPECT_THAT(error.problem().hint, HasSubstr((folder / "emnist-digits").string()));
  EXPECT_EQ(load_data((folder / "emnist-letters").string()).training.size(), 3u);
}

TEST(NamedIdxSet, ProblemsNameWhatIsWrong) {
  const TemporaryFolder folder;
  put_letters(folder.path(), "emnist-letters");
  make_file(folder / "emnist-letters-mapping.txt", "1 65\n2 7\n");
  EXPECT_EQ(std::string(error_of([&] { load_data(folder.path().string()); }).what()),
            (folder / "emnist-letters-mapping.txt").string() +
                ": line 2: no mapping of a class (expected a label and the codes of its characters, as \"1 65 97\", "
                "got 2 7)");
  fs::remove(folder / "emnist-letters-mapping.txt");
  fs::remove(folder / "emnist-letters-test-labels-idx1-ubyte.gz");
  EXPECT_EQ(std::string(error_of([&] { load_data(folder.path().string()); }).what()),
            folder.path().string() + ": emnist-letters-test-labels: file is missing");
}

/// QMNIST's labels: eight columns of 32-bit integers, of which the first is the class.
TEST(NamedIdxSet, QmnistsLabelsAreTheFirstColumn) {
  const TemporaryFolder folder;
  write(folder / "qmnist-train-images-idx3-ubyte", idx_images(2, 2, 2, {1, 2, 3, 4, 50, 60, 70, 80}));
  Bytes values;
  for (const std::uint32_t number : {7u, 1u, 2u, 3u, 1'000'000u, 5u, 6u, 7u, 4u, 0u, 0u, 0u, 2'000'000u, 0u, 0u, 0u})
    for (const std::uint8_t byte : big_endian(number)) values.push_back(byte);
  write(folder / "qmnist-train-labels-idx2-int.gz",
        gzip(joined({{0, 0, 0x0C, 2}, big_endian(2), big_endian(8), values})));
  const DataCollection set = load_data(folder.path().string());
  EXPECT_THAT(set.training.labels, ElementsAre(7, 4));
  EXPECT_THAT(set.training.pixels, ElementsAre(1, 2, 3, 4, 50, 60, 70, 80)) << "QMNIST's images are stored upright";
  EXPECT_EQ(set.test.size(), 0u);
}

Bytes idx_of(std::uint8_t type, const std::vector<std::uint32_t>& shape, const Bytes& values) {
  Bytes bytes = {0, 0, type, static_cast<std::uint8_t>(shape.size())};
  for (const std::uint32_t dimension : shape) bytes = joined({bytes, big_endian(dimension)});
  return joined({bytes, values});
}

TEST(IdxNumbers, BecomeUnsignedBytes) {
  const Bytes plain = idx_images(1, 1, 2, {0, 255});
  // 255 as a 16-bit and a 32-bit integer, 1 as a float and a double.
  EXPECT_EQ(decode_idx(idx_of(0x0B, {1, 1, 2}, {0, 0, 0, 255}), IdxKind::images, "F").bytes, plain);
  EXPECT_EQ(decode_idx(idx_of(0x0C, {1, 1, 2}, {0, 0, 0, 0, 0, 0, 0, 255}), IdxKind::images, "F").bytes, plain);
  EXPECT_EQ(decode_idx(idx_of(0x0D, {1, 1, 2}, {0, 0, 0, 0, 0x3F, 0x80, 0, 0}), IdxKind::images, "F").bytes, plain);
  EXPECT_EQ(decode_idx(gzip(idx_of(0x0E, {1, 1, 2}, {0, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0})),
                       IdxKind::images, "F")
                .bytes,
            plain);
  EXPECT_EQ(decode_idx(idx_of(0x09, {2}, {7, 3}), IdxKind::labels, "F").bytes, idx_labels(2, {7, 3}));
  EXPECT_EQ(decode_idx(idx_of(0x08, {2, 3}, {7, 1, 1, 3, 1, 1}), IdxKind::labels, "F").bytes, idx_labels(2, {7, 3}));
}

TEST(IdxNumbers, ProblemsNameTheElement) {
  const auto problem = [](const Bytes& bytes) {
    return std::string(error_of([&] { decode_idx(bytes, IdxKind::labels, "F"); }).what());
  };
  EXPECT_EQ(problem(idx_of(0x09, {2}, {7, 0xFF})),
            "F: element 1: out of range (expected whole numbers from 0 to 255, got -1)");
  EXPECT_EQ(problem(idx_of(0x0C, {1}, {0, 0, 1, 0})),
            "F: element 0: out of range (expected whole numbers from 0 to 255, got 256)");
  EXPECT_EQ(problem(idx_of(0x0D, {1}, {0x7F, 0xC0, 0, 0})),
            "F: element 0: out of range (expected whole numbers from 0 to 255, got nan)");
  EXPECT_EQ(problem(idx_of(0x0B, {2}, {0, 1, 0})),
            "F: length: file is cut off (expected 12 bytes by its header, got 11 bytes)");
  EXPECT_EQ(problem(idx_of(0x0B, {1}, {0, 1, 0})),
            "F: length: trailing bytes behind the data (expected 10 bytes by its header, got 11 bytes)");
}

}  // namespace
}  // namespace nib
