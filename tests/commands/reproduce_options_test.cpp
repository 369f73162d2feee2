// Every option of nib train, as a reproduction takes it: a new one has to be told here.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "commands/small_set.h"
#include "formats/safetensors_file.h"
#include "formats/weights.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::IsEmpty;

/// Values that no run has without being told, of the options that a run's weights or its figures depend on, each with
/// what it needs beside it.
const std::map<std::string, std::vector<std::string>> decisive = {
    {"--data", {"other"}},
    {"--limit", {"100"}},
    {"--validation-split", {"0.25"}},
    {"--validation", {"stratified"}},
    {"--validation-data", {"other"}},
    {"--epochs", {"3"}},
    {"--batch", {"7"}},
    {"--learning-rate", {"0.0125"}},
    {"--seed", {"12345"}},
    {"--network", {"net.json"}},
    {"--flatten", {"HWC"}},
    {"--weights", {"first"}},
    {"--recipe", {"fast"}},
    {"--optimizer", {"nesterov"}},
    {"--l2", {"0.125"}},
    {"--weight-decay", {"0.25"}},
    {"--clip-norm", {"0.125"}},
    {"--ema", {"0.75"}},
    {"--augment", {"shift=2,rotate=10,scale=0.1"}},
    {"--label-smoothing", {"0.25"}},
    {"--schedule", {"exponential"}},
    {"--decay-rate", {"0.75", "--schedule", "step"}},
    {"--decay-epochs", {"0.5", "--schedule", "step"}},
    {"--warmup-epochs", {"0.25", "--schedule", "warmup-cosine"}},
    {"--final-fraction", {"0.125", "--schedule", "cosine"}},
    {"--reduce-on-plateau", {"1"}},
    {"--plateau-factor", {"0.25", "--reduce-on-plateau", "1", "--epochs", "4"}},
    {"--plateau-min-delta", {"100", "--reduce-on-plateau", "1", "--epochs", "4"}},
    {"--plateau-cooldown", {"2", "--reduce-on-plateau", "1", "--epochs", "4"}},
    {"--plateau-min-rate", {"0.0005", "--reduce-on-plateau", "1", "--epochs", "4"}},
    {"--monitor", {"accuracy"}},
    {"--min-delta", {"0.5"}},
    {"--early-stopping", {"1", "--min-delta", "10", "--epochs", "4"}},
    {"--restore-best", {}},
    {"--prepare", {}},
};

/// Those that weights and figures do not depend on, on the CPU at least; --resume has tests of its own.
const std::set<std::string> indifferent = {
    "--device",      "--ranks",    "--threads",     "--precision",    "--kernels", "--stream",
    "--fast",        "--resume",   "--save-every",  "--keep",         "--out",     "--force",
    "--no-pictures", "--log-json", "--tensorboard", "--log-every",    "--no-logs", "--require-accuracy",
    "--quiet",       "--json",     "--config",      "--print-config", "--help"};

class ReproducedOptions : public testing::Test {
 protected:
  ReproducedOptions() {
    write_set(folder / "other", 28, 28, 130, 40);
    make_file(folder / "net.json", R"({"input": [28, 28, 1], "layers": [{"type": "max_pool", "size": 7},
        {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]})");
    make_file(folder / "usual.json", R"({"input": [28, 28, 1], "layers": [
        {"type": "convolution", "filters": 2, "kernel": 5, "stride": 3, "activation": "relu"}, {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"}]})");
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }

  /// Options that are not given have values that train a tiny network in no time.
  Ending train(const std::string& out, const std::vector<std::string>& given) const {
    std::vector<std::string> arguments{"train", "--out", out, "--no-pictures", "--device", "cpu", "--threads", "1"};
    arguments.insert(arguments.end(), given.begin(), given.end());
    for (const auto& [option, value] : {std::pair{"--data", "set"}, std::pair{"--network", "usual.json"},
                                        std::pair{"--epochs", "2"}, std::pair{"--batch", "32"}})
      if (std::ranges::find(given, option) == given.end()) arguments.insert(arguments.end(), {option, value});
    return run(arguments);
  }
  json configuration(const std::string& out) const {
    return json::parse(contents(folder / (out + "/run.json")))["configuration"];
  }

  const SmallSetFolder folder{};
};

TEST_F(ReproducedOptions, AreAllTold) {
  const std::string help = run({"train", "--help"}).output;
  std::set<std::string> untold;
  const std::regex option("^  (?:-., |    )(--[a-z][a-z0-9-]*).*");
  std::istringstream lines(help);
  std::smatch found;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, found, option)) untold.insert(found[1]);
  EXPECT_GT(untold.size(), 30U);
  for (const auto& [name, value] : decisive) EXPECT_EQ(untold.erase(name), 1U) << name;
  for (const std::string& name : indifferent) EXPECT_EQ(untold.erase(name), 1U) << name;
  EXPECT_THAT(untold, IsEmpty()) << "each option of nib train is one that a reproduction has to take, or is not";
}

TEST_F(ReproducedOptions, TrainTheSameAgain) {
  ASSERT_EQ(train("first", {}).code, 0);
  const json usual = configuration("first");
  for (const auto& [name, values] : decisive) {
    if (name == "--prepare" || name == "--flatten") continue;  // need files of other kinds, below
    SCOPED_TRACE(name);
    std::vector<std::string> given{name};
    given.insert(given.end(), values.begin(), values.end());
    given.emplace_back("--force");
    const Ending training = train("run", given);
    ASSERT_EQ(training.code, 0) << training.errors;
    EXPECT_NE(configuration("run"), usual) << "the record tells of it";
    const Ending again = run({"reproduce", "run", "--threads", "2"});
    EXPECT_EQ(again.code, 0) << again.errors;
  }
}

/// A file of weights that does not say how its Flatten counts.
TEST_F(ReproducedOptions, TakeTheOrderOfFlatten) {
  ASSERT_EQ(train("first", {}).code, 0);
  const std::vector<std::uint8_t> bytes =
      safetensors_bytes(read_weights(folder / "first/model.safetensors").parameters, {}, "foreign");
  make_file(folder / "foreign.safetensors", {bytes.begin(), bytes.end()});
  for (const std::string order : {"HWC", "CHW"}) {
    const Ending training = train("run", {"--weights", "foreign.safetensors", "--flatten", order, "--force"});
    ASSERT_EQ(training.code, 0) << training.errors;
    EXPECT_EQ(configuration("run")["flatten"], order);
    const Ending again = run({"reproduce", "run"});
    EXPECT_EQ(again.code, 0) << again.errors;
    EXPECT_EQ(run({"train", "--resume", "run", "--epochs", "3", "--no-pictures"}).code, 0);
    EXPECT_EQ(configuration("run")["flatten"], order);
  }
}

TEST_F(ReproducedOptions, TakePreparedPictures) {
  ASSERT_EQ(run({"data", "convert", "set", "pictures", "--to", "folder"}).code, 0);
  const Ending training = train("run", {"--data", "pictures", "--prepare"});
  ASSERT_EQ(training.code, 0) << training.errors;
  const Ending again = run({"reproduce", "run"});
  EXPECT_EQ(again.code, 0) << again.errors;
}

}  // namespace
}  // namespace nib
