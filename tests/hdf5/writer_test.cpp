#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "hdf5/hdf5_file.h"

namespace nib {
namespace {

Hdf5Plan plan_of(const std::vector<float>& numbers) {
  return {.groups = {"/empty/group"},
          .arrays = {{"/a/b/c", {2, 3}, numbers}, {"/a/scalar", {}, std::span(numbers).first(1)}},
          .scalars = {{"/step", 1234567890123}},
          .lists = {{"/a", "names", {"one", "two"}}, {"/a/b", "none", {}}},
          .attributes = {{"/",
                          "text",
                          {"Gr\xc3\xb6\xc3\x9f"
                           "e"}}}};
}

TEST(Hdf5Writer, WritesWhatIsReadAgain) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const std::vector<float> numbers{1, 2.5, -3, 0, 1e-30F, 7};
  const Hdf5Content content =
      read_hdf5(hdf5_bytes(plan_of(numbers), "f"), {"/", "/a", "/a/b"}, {"text", "names", "none"}, "f");
  ASSERT_EQ(content.arrays.size(), 3u);
  EXPECT_EQ(content.array("/a/b/c")->shape, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(content.array("/a/b/c")->values, numbers);
  EXPECT_EQ(content.array("/a/scalar")->shape, std::vector<std::uint32_t>());
  EXPECT_EQ(content.array("/a/scalar")->values, std::vector<float>{1});
  EXPECT_EQ(content.array("/step")->whole, std::vector<std::int64_t>{1234567890123});
  EXPECT_EQ(*content.texts("/", "text"), std::vector<std::string>{"Gr\xc3\xb6\xc3\x9f"
                                                                  "e"});
  EXPECT_EQ(*content.texts("/a", "names"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(*content.texts("/a/b", "none"), std::vector<std::string>());
}

TEST(Hdf5Writer, WritesTheSameBytesForTheSamePlan) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(hdf5_bytes(plan_of(numbers), "f"), hdf5_bytes(plan_of(numbers), "f"));
}

TEST(Hdf5, SaysThatItIsAbsent) {
  if (!hdf5_version().empty()) GTEST_SKIP() << "built with libhdf5";
  try {
    read_hdf5({}, {}, {}, "f");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "f: an HDF5 file, and this nib was built without libhdf5");
    EXPECT_NE(error.hint().find("libhdf5-dev"), std::string::npos);
  }
}

}  // namespace
}  // namespace nib
