#include "data/limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/description.h"
#include "data/idx_files.h"

namespace nib {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

DataCollection small_collection() {
  const TemporaryFolder folder;
  SmallSet{}.write_to(folder.path());
  return load_data(folder.path().string());
}

TEST(Limit, KeepsTheFirstImagesOfEachPart) {
  DataCollection collection = small_collection();
  limit_images(collection, 5);
  EXPECT_EQ(collection.training.size(), 5u);
  EXPECT_EQ(collection.training.pixels, some_bytes(5 * 5 * 7));
  EXPECT_THAT(collection.training.labels, ElementsAre(0, 1, 2, 0, 1));
  EXPECT_EQ(collection.test.size(), 4u);
  EXPECT_EQ(collection.limit, 5u);
  EXPECT_EQ(collection.files[0].raw_bytes, 16u + 6 * 5 * 7);
  EXPECT_THAT(data_source_line(collection), EndsWith(", the first 5 images of each part only\n"));
}

TEST(Limit, ThatCutsNothingIsNone) {
  DataCollection collection = small_collection();
  for (const std::uint64_t limit : {0, 6, 1000}) {
    limit_images(collection, limit);
    EXPECT_EQ(collection.training.size(), 6u);
    EXPECT_EQ(collection.test.labels.size(), 4u);
    EXPECT_EQ(collection.limit, 0u);
  }
  EXPECT_THAT(data_source_line(collection), EndsWith("(its SHA-256 is of no set that nib knows)\n"));
}

TEST(Limit, IsTold) {
  EXPECT_EQ(limit_in_words(1), "the first image of each part");
  EXPECT_EQ(limit_in_words(2000), "the first 2,000 images of each part");
}

}  // namespace
}  // namespace nib
