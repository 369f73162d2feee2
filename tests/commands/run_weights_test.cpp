// The weights in a run's folder, and whether they are the run's own.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

class RunWeights : public testing::Test {
 protected:
  RunWeights() {
    EXPECT_EQ(run(small_training({"--out", "run"})).code, 0);
    EXPECT_EQ(run(small_training({"--out", "other", "--seed", "1"})).code, 0);
  }

  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  Ending evaluate(const std::string& weights, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"evaluate", weights, "--data", "set", "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }
  void take_from_other(const std::string& name) const {
    fs::copy_file(folder / ("other/" + name), folder / ("run/" + name), fs::copy_options::overwrite_existing);
  }
  std::string warning(const std::string& name, const std::string& expected, const std::string& got) const {
    return "nib: warning: run/" + name +
           ": not the weights that run/run.json names: their SHA-256 is another (expected " + expected + ", got " +
           got + ")\n";
  }

  const SmallSetFolder folder{};
};

TEST_F(RunWeights, OfItsOwnAreTakenWithoutAWord) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--best"}})
    EXPECT_THAT(evaluate("run", more).errors, IsEmpty());
}

TEST_F(RunWeights, OfAnotherRunAreTakenWithAWarning) {
  const std::string expected = record("run")["weights_sha256"], got = record("other")["weights_sha256"];
  take_from_other("model.safetensors");
  for (const std::string named : {"run", "run/model.safetensors"}) {
    const Ending ending = evaluate(named, {"--json"});
    EXPECT_EQ(ending.code, 0);
    EXPECT_THAT(ending.errors, HasSubstr(warning("model.safetensors", expected, got)));
    EXPECT_EQ(json::parse(ending.output)["weights_sha256"], got);
  }
  EXPECT_EQ(run({"predict", "run", "--data", "set"}).errors, warning("model.safetensors", expected, got));
  EXPECT_THAT(evaluate("run", {"--best"}).errors, IsEmpty()) << "of best.safetensors nothing was changed";
}

TEST_F(RunWeights, OfTheBestEpochAreHeldAgainstTheirOwnHash) {
  const std::string expected = record("run")["best"]["weights_sha256"], got = record("other")["best"]["weights_sha256"];
  take_from_other("best.safetensors");
  EXPECT_EQ(evaluate("run", {"--best"}).errors, warning("best.safetensors", expected, got));
  EXPECT_THAT(evaluate("run").errors, IsEmpty());
}

TEST_F(RunWeights, OfTheBestEpochAreConvertedAndHeldAgainstTheRecordToo) {
  const auto convert = [&](const std::string& in, const std::string& out) {
    return run({"convert", in, out, "--best", "--data", "set", "--json"});
  };
  const Ending ending = convert("run", "best.npz");
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["in"]["file"], "run/best.safetensors");
  EXPECT_EQ(document["weights_sha256"], record("run")["best"]["weights_sha256"]);
  take_from_other("best.safetensors");
  EXPECT_THAT(convert("run", "other.npz").errors, HasSubstr("run/best.safetensors: not the weights that run/run.json"));
  EXPECT_EQ(convert("run/model.safetensors", "none.npz").code, 2) << "no folder of a run";
  fs::remove(folder / "run/best.safetensors");
  EXPECT_EQ(convert("run", "none.npz").code, 3);
  EXPECT_FALSE(fs::exists(folder / "none.npz"));
}

TEST_F(RunWeights, WithoutARecordAreTakenAsTheyAre) {
  make_file(folder / "run/run.json", "{");
  EXPECT_THAT(evaluate("run").errors, HasSubstr("; so nothing says whether these are the weights of the run\n"));
  fs::remove(folder / "run/run.json");
  EXPECT_THAT(evaluate("run").errors, IsEmpty());
}

}  // namespace
}  // namespace nib
