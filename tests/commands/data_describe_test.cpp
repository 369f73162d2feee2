#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(DataDescribe, TellsWhatTheImagesAreLike) {
  const SmallSetFolder folder;
  const Ending ending = nib({"data", "describe", "set"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("Data: unknown IDX set from set (its SHA-256 is of no set that nib knows)\n"
                                        "Images of 28 x 28 pixels, 10 classes\n"));
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("\nImages                               150               100\n"),
                    HasSubstr("\nMean grey level "), HasSubstr("\nDeviation "), HasSubstr("\nEqual to another "),
                    HasSubstr("\n9 "), HasSubstr("\nTest images that are in the training part, too: ")));
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

TEST(DataDescribe, HasTheSameFiguresInItsDocument) {
  const TemporaryFolder folder;
  make_file(folder / "train.csv", "1,0,10,20,30\n0,40,50,60,70\n1,0,10,20,30\n2,9,9,9,9\n");
  make_file(folder / "test.csv", "0,40,50,60,70\n0,0,10,20,30\n");
  const json document = json::parse(nib({"data", "describe", ".", "--json"}, folder.path()).output);
  EXPECT_EQ(document["found"], "CSV, 4 training rows, 2 test rows");
  EXPECT_EQ(document["rows"], 2);
  const json& training = document["parts"][0];
  EXPECT_EQ(training["name"], "training");
  EXPECT_EQ(training["class_counts"], (json{1, 2, 1}));
  EXPECT_DOUBLE_EQ(training["mean"], (60 + 220 + 60 + 36) / 16.0);
  EXPECT_EQ(training["constant"], (json{{"images", 1}, {"indices", {3}}}));
  EXPECT_EQ(training["equal"]["images"], 1);
  EXPECT_EQ(training["equal"]["pairs"], (json{{{"index", 2}, {"other_index", 0}, {"distance", 0.0}}}));
  EXPECT_EQ(document["across"]["equal"]["images"], 2);
  EXPECT_EQ(document["across"]["equal"]["other_label"], 1);
}

TEST(DataDescribe, TakesSetsOfOnePartAndWithoutLabels) {
  const TemporaryFolder folder;
  make_file(folder / "test.csv", "a,b,c,d\n0,10,20,30\n0,10,20,30\n");
  const Ending ending = nib({"data", "describe", "test.csv", "--out", "pictures"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("No image has a label.\n"), HasSubstr("Equal in the test part: 1 and 0\n")));
  EXPECT_FALSE(contents(folder / "pictures" / "samples.png").empty());
  EXPECT_THAT(contents(folder / "pictures" / "samples.svg"), HasSubstr("Image 1"));
}

TEST(DataDescribe, RefusesWhatIsNoSetAndAFolderThatIsThere) {
  const SmallSetFolder folder;
  EXPECT_EQ(nib({"data", "describe", "nothing"}, folder.path()).code, 4);
  const Ending ending = nib({"data", "describe", "set", "--out", "set"}, folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("the folder exists"));
  EXPECT_THAT(ending.output, IsEmpty());
}

}  // namespace
}  // namespace nib
