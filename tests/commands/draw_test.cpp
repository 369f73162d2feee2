#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* golden = NIB_GOLDEN "/keras/trained.safetensors";

class Draw : public testing::Test {
 protected:
  Ending draw(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "draw");
    return nib(arguments, folder.path());
  }
  const TemporaryFolder folder;
};

TEST_F(Draw, WritesOnePageAndNothingElse) {
  const Ending ending = draw({golden});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  const std::string page = contents(folder / "draw.html");
  EXPECT_EQ(ending.output, "draw.html: a page to draw on, 225,034 parameters, " +
                               std::to_string(page.size() / 1000000) + "," +
                               std::to_string(page.size() / 1000 % 1000 + 1000).substr(1) + "," +
                               std::to_string(page.size() % 1000 + 1000).substr(1) +
                               " bytes\nOpen it in a browser; it needs no network.\n");
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(page, HasSubstr("<h1>Draw a digit</h1>"));
  EXPECT_THAT(folder.names(), ElementsAre("draw.html"));
  EXPECT_EQ(draw({golden, "--out", "quiet.html", "--quiet"}).code, 0);
  EXPECT_EQ(contents(folder / "quiet.html"), page);
}

TEST_F(Draw, TakesTheFolderOfARunAndOtherFormats) {
  const SmallSetFolder place;
  ASSERT_EQ(nib(small_training({"--out", "run"}), place.path()).code, 0);
  ASSERT_EQ(nib({"draw", "run", "-o", "run.html"}, place.path()).code, 0);
  ASSERT_EQ(nib({"convert", "run", "run.npz"}, place.path()).code, 0);
  const Ending ending = nib({"draw", "run.npz", "-o", "npz.html", "--json"}, place.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(contents(place / "npz.html"), contents(place / "run.html"));
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["page"], "npz.html");
  EXPECT_EQ(document["bytes"], contents(place / "npz.html").size());
  EXPECT_THAT(contents(place / "run.html"), Not(HasSubstr("trained on"))) << "a set without a name";
}

TEST_F(Draw, ReplacesAFileOnlyByForceAndNeverItsWeights) {
  make_file(folder / "draw.html", "mine");
  const Ending refused = draw({golden});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors, "nib: error: draw.html: the file exists\nhint: --force replaces it\n");
  EXPECT_EQ(contents(folder / "draw.html"), "mine");
  EXPECT_EQ(draw({golden, "--force"}).code, 0);
  EXPECT_THAT(contents(folder / "draw.html"), StartsWith("<!DOCTYPE html>"));
  make_file(folder / "weights", contents(golden));
  const Ending itself = draw({"weights", "-o", "./weights", "--force"});
  EXPECT_EQ(itself.code, 2);
  EXPECT_THAT(itself.errors, HasSubstr("./weights: is WEIGHTS itself\nhint: choose another name"));
  EXPECT_THAT(draw({golden, "-o", ".", "--force"}).errors, HasSubstr(".: exists and is not a file"));
  EXPECT_EQ(contents(folder / "weights"), contents(golden));
}

TEST_F(Draw, LeavesNothingBehindWhereItFails) {
  make_file(folder / "bad", std::string(contents(golden), 0, 1000));
  struct Case {
    std::vector<std::string> arguments;
    int code;
  };
  for (const auto& [arguments, code] : {Case{{"bad"}, 3}, {{"none"}, 4}, {{golden, "-o", "no/such.html"}, 4}}) {
    const Ending ending = draw(arguments);
    EXPECT_EQ(ending.code, code) << ending.errors;
    EXPECT_THAT(ending.errors, StartsWith("nib: error: "));
    EXPECT_THAT(ending.output, IsEmpty());
    EXPECT_THAT(folder.names(), ElementsAre("bad"));
  }
}

TEST_F(Draw, KeepsThePageThatWasThereWhereTheDiskIsFull) {
  make_file(folder / "draw.html", "mine");
  const Ending ending = Program({"draw", golden, "--force"}).in(folder.path()).with_largest_file(100'000).run();
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: draw.html: "));
  EXPECT_EQ(contents(folder / "draw.html"), "mine");
  EXPECT_THAT(folder.names(), ElementsAre("draw.html"));
}

TEST_F(Draw, RefusesANetworkOfColouredImages) {
  make_file(folder / "network.json",
            R"({"input":[4,4,3],"layers":[{"type":"flatten"},{"type":"dense","units":2,"activation":"softmax"}]})");
  const std::string header = R"({"fc1.weight":{"dtype":"F32","shape":[2,48],"data_offsets":[0,384]},)"
                             R"("fc1.bias":{"dtype":"F32","shape":[2],"data_offsets":[384,392]}})";
  std::string file(8, '\0');
  file[0] = static_cast<char>(header.size());
  make_file(folder / "w.safetensors", file + header + std::string(392, '\0'));
  const Ending ending = draw({"w.safetensors", "--network", "network.json", "--flatten", "CHW"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("nib: error: w.safetensors: its network takes images that are not grey, which "
                                       "cannot be drawn (expected 1 channel, got 3)\n"));
  EXPECT_THAT(folder.names(), ElementsAre("network.json", "w.safetensors"));
}

}  // namespace
}  // namespace nib
