#include <gmock/gmock.h>

#include "commands/small_set.h"

namespace nib {
namespace {

using testing::HasSubstr;

const std::string small_network =
    R"({"input":[28,28,1],"layers":[{"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"}]})";

class Summary : public testing::Test {
 protected:
  Summary() {
    make_file(folder / "small.json", small_network);
    const std::vector<std::string> more{"--out", "run", "--network", "small.json", "--epochs", "1"};
    EXPECT_EQ(nib(small_training(more), folder.path()).code, 0);
  }
  Ending summary(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"summary"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  }
  const SmallSetFolder folder;
};

TEST_F(Summary, IsOfTheDigitsNetworkWhereNothingIsNamed) {
  const Ending ending = summary({});
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, HasSubstr(" Total params: 225,034 (879.04 KB)\n"));
  EXPECT_EQ(ending.output, summary({"--network", "digits"}).output);
}

TEST_F(Summary, IsOfTheNetworkThatIsNamed) {
  EXPECT_THAT(summary({"--network", "small.json"}).output, HasSubstr(" Total params: 7,850 (30.66 KB)\n"));
}

TEST_F(Summary, IsOfTheNetworkOfTheWeights) {
  const std::string of_network = summary({"--network", "small.json"}).output;
  for (const char* const weights : {"run", "run/model.safetensors"}) {
    const Ending ending = summary({weights});
    EXPECT_EQ(ending.code, 0) << ending.errors;
    EXPECT_EQ(ending.output, of_network);
  }
  EXPECT_EQ(summary({"run", "--network", "small.json"}).output, of_network);
}

TEST_F(Summary, RefusesWeightsOfAnotherNetworkThanIsNamed) {
  const Ending ending = summary({"run", "--network", "digits"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("the file is for another network than --network names"));
}

}  // namespace
}  // namespace nib
