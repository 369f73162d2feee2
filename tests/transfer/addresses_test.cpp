#include "transfer/addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::StartsWith;

TEST(SetAddresses, AreHttpsAndEndInASlash) {
  for (const SetAddress& set : set_addresses()) {
    for (const std::string_view mirror : set.mirrors) {
      EXPECT_THAT(mirror, StartsWith("https://"));
      EXPECT_TRUE(mirror.ends_with('/')) << mirror;
    }
    EXPECT_FALSE(set.files.empty()) << set.name;
  }
  EXPECT_EQ(find_set_address("imagenet"), nullptr);
}

TEST(SetAddresses, NameEveryFile) {
  const SetAddress& set = *find_set_address("mnist");
  EXPECT_THAT(urls_of(set, "x/"), ElementsAre("x/train-images-idx3-ubyte.gz", "x/train-labels-idx1-ubyte.gz",
                                              "x/t10k-images-idx3-ubyte.gz", "x/t10k-labels-idx1-ubyte.gz"));
}

TEST(MirrorsOfTest, AreOfThisMachineAlone) {
  EXPECT_EQ(mirrors_of_test(), std::nullopt);
  ::setenv("NIB_FETCH_FROM", "http://127.0.0.1:80/a/,http://127.0.0.1:81/", 1);
  EXPECT_THAT(mirrors_of_test(), Optional(ElementsAre("http://127.0.0.1:80/a/", "http://127.0.0.1:81/")));
  for (const char* const other : {"http://example.org/", "https://127.0.0.1:80/", "http://127.0.0.1.example.org:80/",
                                  "http://127.0.0.1:80@example.org/", "http://127.0.0.1:80/,http://10.0.0.1:80/"}) {
    ::setenv("NIB_FETCH_FROM", other, 1);
    EXPECT_THROW(mirrors_of_test(), Error) << other;
  }
  ::unsetenv("NIB_FETCH_FROM");
}

}  // namespace
}  // namespace nib
