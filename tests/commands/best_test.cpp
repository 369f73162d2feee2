// The best epoch of a run: its weights, runs that end early, and commands that take the best weights.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "commands/small_set.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* small_network = R"({"input": [28, 28, 1], "layers": [
    {"type": "convolution", "filters": 3, "kernel": [3, 3], "activation": "relu"}, {"type": "max_pool", "size": [4, 4]},
    {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]})";

class Best : public testing::Test {
 protected:
  Best() {
    make_file(folder / "net.json", small_network);
    write_set(folder / "set", 28, 28, 600, small_test_images);  // steps enough for losses that rise again
  }

  /// A run with so large steps that its losses go up and down.
  Ending train(const std::string& out, const std::string& epochs, const std::vector<std::string>& more = {}) const {
    return run(training(out, epochs, more));
  }
  std::vector<std::string> training(const std::string& out, const std::string& epochs,
                                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "train",   "--data", "set",      "--network", "net.json",      "--device",        "cpu", "--out", out,
        "--batch", "16",     "--epochs", epochs,      "--no-pictures", "--learning-rate", rate};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  Ending resume(const std::string& out, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "--resume", out, "--no-pictures"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }
  std::string best(const std::string& out) const { return contents(folder / (out + "/best.safetensors")); }

  /// The epoch of the lowest validation loss of the first `epochs`, worked out anew.
  static std::size_t lowest(const json& record, std::size_t epochs) {
    const std::vector<double> losses = record["history"]["val_loss"];
    return 1 +
           static_cast<std::size_t>(
               std::min_element(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(epochs)) - losses.begin());
  }

  const SmallSetFolder folder{};
  std::string rate = "0.1";
};

TEST_F(Best, WeightsAreThoseOfARunThatEndsThere) {
  const Ending ending = train("whole", "8");
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json whole = record("whole");
  const std::size_t epoch = lowest(whole, 8);
  ASSERT_LT(epoch, 8u) << "else this shows nothing";
  EXPECT_EQ(whole["best"]["epoch"], epoch);
  EXPECT_EQ(whole["weights_epoch"], 8);
  EXPECT_THAT(ending.output,
              HasSubstr("\nTested weights: epoch 8, the last (the best by val_loss: " + std::to_string(epoch) + ")\n"));
  ASSERT_EQ(train("short", std::to_string(epoch)).code, 0);
  EXPECT_EQ(record("short")["weights_sha256"], whole["best"]["weights_sha256"]);
  EXPECT_EQ(contents(folder / "short/model.safetensors"), best("whole"));
  EXPECT_EQ(best("short"), best("whole"));

  ASSERT_EQ(train("restored", "8", {"--restore-best"}).code, 0);
  const json restored = record("restored");
  EXPECT_EQ(restored["weights_epoch"], epoch);
  EXPECT_EQ(restored["weights_sha256"], whole["best"]["weights_sha256"]);
  EXPECT_EQ(restored["test"], record("short")["test"]);
  EXPECT_EQ(contents(folder / "restored/test_predictions.csv"), contents(folder / "short/test_predictions.csv"));

  const json document = json::parse(run({"evaluate", "whole", "--best", "--data", "set", "--json"}).output);
  EXPECT_EQ(document["weights"], "whole/best.safetensors");
  EXPECT_EQ(document["weights_sha256"], whole["best"]["weights_sha256"]);
  EXPECT_EQ(document["test"], restored["test"]);
  const json predictions =
      json::parse(run({"predict", "whole", "--best", "--data", "set", "--index", "0", "--json"}).output);
  EXPECT_EQ(predictions["weights_sha256"], whole["best"]["weights_sha256"]);
}

TEST_F(Best, EpochEndsARunEarlyThatGetsNoBetter) {
  ASSERT_EQ(train("whole", "30").code, 0);
  const Ending ending = train("early", "30", {"--early-stopping", "2", "--restore-best"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json early = record("early");
  const std::size_t epochs = early["history"]["loss"].size(), epoch = lowest(early, epochs);
  ASSERT_LT(epochs, 30u);
  EXPECT_EQ(epochs, epoch + 2);
  for (std::size_t n = 3; n < epochs; ++n) EXPECT_GT(lowest(early, n) + 2, n) << "it would have ended there";
  json losses = record("whole")["history"]["val_loss"];
  losses.erase(losses.begin() + static_cast<std::ptrdiff_t>(epochs), losses.end());
  EXPECT_EQ(early["history"]["val_loss"], losses);
  const std::string why = "val_loss was not better than in epoch " + std::to_string(epoch) + " for 2 epochs";
  EXPECT_EQ(early["stopped_early"], why);
  EXPECT_THAT(ending.output, HasSubstr("\nStopped early behind epoch " + std::to_string(epochs) + ": " + why + "\n"));
  EXPECT_THAT(ending.output,
              HasSubstr("\nTested weights: epoch " + std::to_string(epoch) + ", the best by val_loss\n"));
  EXPECT_EQ(contents(folder / "early/model.safetensors"), best("early"));
  EXPECT_FALSE(record("whole").contains("stopped_early"));

  const Ending report = run({"report", "early"});
  EXPECT_EQ(report.code, 0) << report.errors;
  const std::string page = contents(folder / "early/report.html");
  EXPECT_THAT(page, HasSubstr(why));
  EXPECT_THAT(page, HasSubstr("<dt>Tested weights</dt><dd>epoch " + std::to_string(epoch)));
  const json compared = json::parse(run({"compare", "early", "whole", "--json"}).output)["runs"];
  EXPECT_EQ(compared[0]["weights_epoch"], epoch);
  EXPECT_EQ(compared[0]["best_epoch"], epoch);
  EXPECT_EQ(compared[1]["weights_epoch"], 30);
}

/// Killed and stopped anywhere, it ends with the very same best weights, and without a word of loss.
TEST_F(Best, WeightsSurviveStopsAndKills) {
  rate = "0.05";  // the best of its 21 epochs is the 15th
  const std::vector<std::string> how = {"--early-stopping", "6", "--restore-best", "--save-every", "7"};
  ASSERT_EQ(train("whole", "60", how).code, 0);
  std::mt19937 random{7};
  std::uniform_int_distribution<int> microseconds(0, 60'000);
  std::size_t stops = 0;
  bool finished = false;
  for (int piece = 0; !finished; ++piece) {
    ASSERT_LT(piece, 100);
    std::vector<std::string> arguments = training("stopped", "60", how);
    if (fs::exists(folder / "stopped/checkpoint.safetensors"))
      arguments = {"train", "--resume", "stopped", "--no-pictures", "--save-every", "5"};
    else if (fs::exists(folder / "stopped"))
      arguments.emplace_back("--force");
    Program program(arguments);
    program.in(folder.path()).start();
    if (stops < 12) {
      program.wait_for_output("Training: ");
      std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
      program.signal(piece % 3 == 0 ? SIGTERM : SIGKILL);
    }
    const Ending ending = program.wait();
    EXPECT_THAT(ending.errors, Not(HasSubstr("warning"))) << piece;
    finished = fs::exists(folder / "stopped/run.json") && record("stopped")["status"] == "finished";
    stops += finished ? 0 : 1;
  }
  EXPECT_GE(stops, 3u);
  EXPECT_EQ(best("stopped"), best("whole"));
  for (const char* const key : {"best", "weights_epoch", "weights_sha256", "stopped_early", "test"})
    EXPECT_EQ(record("stopped")[key], record("whole")[key]) << key;
  EXPECT_LT(record("whole")["weights_epoch"], record("whole")["history"]["loss"].size());
}

/// Where the best epoch is behind the checkpoint, its weights are in their file alone.
TEST_F(Best, WeightsThatAreLostAreTold) {
  ASSERT_EQ(train("whole", "8").code, 0);
  const std::size_t epoch = lowest(record("whole"), 8);
  ASSERT_LT(epoch, 8u);
  ASSERT_EQ(train("other", "1", {"--seed", "4"}).code, 0);
  const std::string epochs = std::to_string(epoch + 1), more = std::to_string(epoch + 2);
  ASSERT_NE(lowest(record("whole"), epoch + 1), epoch + 1);
  const auto go_on = [&](const std::string& out, const std::function<void(const fs::path&)>& harm) {
    EXPECT_EQ(train(out, epochs).code, 0);
    harm(folder / (out + "/best.safetensors"));
    return resume(out, {"--epochs", more, "--restore-best"});
  };
  const std::string lost = ", the best so far by val_loss, are not in ";
  const std::vector<std::function<void(const fs::path&)>> harms = {
      [](const fs::path& file) { fs::remove(file); }, [](const fs::path& file) { fs::resize_file(file, 1000); },
      [&](const fs::path& file) {
        fs::copy(folder / "other/best.safetensors", file, fs::copy_options::overwrite_existing);
      }};
  for (std::size_t i = 0; i < harms.size(); ++i) {
    const std::string out = "harmed" + std::to_string(i);
    const Ending ending = go_on(out, harms[i]);
    EXPECT_EQ(ending.code, 0) << ending.errors;
    EXPECT_EQ(ending.errors, "nib: warning: the weights of epoch " + std::to_string(epoch) + lost + out +
                                 "/best.safetensors: they are lost until an epoch is better\n"
                                 "nib: warning: there are no weights of a best epoch to restore: the run ends with "
                                 "those of its last one\n");
    EXPECT_FALSE(fs::exists(folder / (out + "/best.safetensors")));
    EXPECT_FALSE(record(out).contains("best"));
    EXPECT_EQ(record(out)["weights_epoch"], epoch + 2);
    EXPECT_EQ(run({"compare", out, "whole"}).code, 0);
  }
  const Ending unharmed = go_on("unharmed", [](const fs::path&) {});
  EXPECT_THAT(unharmed.errors, IsEmpty());
  EXPECT_EQ(best("unharmed"), best("whole"));
  EXPECT_EQ(contents(folder / "unharmed/model.safetensors"), best("whole"));
  ASSERT_EQ(resume("unharmed", {"--epochs", std::to_string(epoch + 3), "--out", "next"}).code, 0);
  EXPECT_EQ(best("next"), best("whole")) << "it goes along into another folder";
}

TEST_F(Best, ARunThatStoppedEarlyGoesOnWithMorePatience) {
  ASSERT_EQ(train("whole", "14").code, 0);
  ASSERT_EQ(train("run", "14", {"--early-stopping", "1"}).code, 0);
  const std::size_t epochs = record("run")["history"]["loss"].size();
  ASSERT_LT(epochs, 13u);
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--epochs", "20"}}) {
    const Ending refused = resume("run", more);
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.errors,
              "nib: error: --resume: run/checkpoint.safetensors: the run was stopped early behind "
              "epoch " +
                  std::to_string(epochs) +
                  "\nhint: --early-stopping with a greater number, or off, trains it further\n");
  }
  EXPECT_THAT(resume("run", {"--epochs", std::to_string(epochs)}).errors,
              HasSubstr("\nhint: --early-stopping with a greater number, or off, and --epochs " +
                        std::to_string(epochs + 5) + " trains it further\n"));
  const Ending ending = resume("run", {"--early-stopping", "off"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(record("run")["weights_sha256"], record("whole")["weights_sha256"]);
  EXPECT_EQ(best("run"), best("whole"));
  EXPECT_FALSE(record("run").contains("stopped_early"));
}

TEST_F(Best, MonitorIsAnyFigureOfTheHistory) {
  ASSERT_EQ(train("run", "6", {"--monitor", "val_accuracy"}).code, 0);
  const std::vector<double> accuracies = record("run")["history"]["val_accuracy"];
  const auto highest = std::ranges::max_element(accuracies) - accuracies.begin() + 1;
  EXPECT_EQ(record("run")["best"]["epoch"], highest);
  EXPECT_THAT(run({"runs", "run"}).output, HasSubstr("  " + std::to_string(highest) + "  "));
  EXPECT_EQ(json::parse(run({"runs", "run", "--json"}).output)["runs"][0]["best_epoch"], highest);
  EXPECT_THAT(record("run")["command"].get<std::string>(), HasSubstr(" --monitor val_accuracy"));

  ASSERT_EQ(train("unsplit", "2", {"--validation-split", "0"}).code, 0);
  EXPECT_EQ(record("unsplit")["configuration"]["monitor"], "loss");
  const Ending refused = train("none", "2", {"--validation-split", "0", "--monitor", "val_loss"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors,
            "nib: error: --monitor: there are no validation images (expected loss or accuracy, got val_loss)\n"
            "hint: --validation-split holds some out\n");
  EXPECT_FALSE(fs::exists(folder / "none"));
  const Ending other = resume("run", {"--epochs", "7", "--monitor", "loss"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.errors, HasSubstr("--monitor: the run to resume has another one (expected \"val_accuracy\", got "
                                      "\"loss\")"));
  EXPECT_THAT(resume("run", {"--epochs", "7", "--min-delta", "0.5"}).errors,
              HasSubstr("--min-delta: the run to resume has another one (expected 0, got 0.5)"));
}

TEST_F(Best, IsOfTheFolderOfARun) {
  ASSERT_EQ(train("run", "1").code, 0);
  const Ending file = run({"evaluate", "run/model.safetensors", "--best", "--data", "set"});
  EXPECT_EQ(file.code, 2);
  EXPECT_EQ(file.errors,
            "nib: error: --best: run/model.safetensors: no folder (expected the folder of a run)\n"
            "hint: the best weights of a run are in its best.safetensors\n");
  fs::remove(folder / "run/best.safetensors");
  const Ending missing = run({"predict", "run", "--best", "--data", "set"});
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.errors, HasSubstr("nib: error: run: no best.safetensors in this folder"));
}

TEST_F(Best, WeightsHaveAScoreWhereTheRunEndsWithThem) {
  write_set(folder / "set", 28, 28, 1200, small_test_images);  // 600 validation images are enough for a score
  const Ending ending = train("run", "12", {"--validation-split", "0.5"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  ASSERT_LT(record("run")["best"]["epoch"], 12u) << "else this shows nothing";
  EXPECT_THAT(ending.output,
              HasSubstr("\nScore: without a judge of what is no digit, as the network has no dense layer "
                        "before its last one\n"));
  const auto has_score = [&](const std::string& folder_of_run, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"evaluate", folder_of_run, "--data", "set", "--device", "cpu", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const json result = json::parse(run(arguments).output);
    return result.contains("score") && !result.at("score").is_null();
  };
  EXPECT_TRUE(has_score("run", {}));
  EXPECT_FALSE(has_score("run", {"--best"}));
  ASSERT_EQ(train("restored", "12", {"--validation-split", "0.5", "--restore-best"}).code, 0);
  EXPECT_TRUE(has_score("restored", {"--best"}));
}

TEST_F(Best, AnAccuracyThatIsRequiredDecidesTheExitCode) {
  const Ending low = train("run", "1", {"--require-accuracy", "1"});
  const double accuracy = record("run")["test"]["accuracy"];
  ASSERT_LT(accuracy, 1);
  EXPECT_EQ(low.code, 7);
  EXPECT_THAT(low.errors, HasSubstr("nib: error: --require-accuracy: the test accuracy is too low (expected at least "
                                    "1, got "));
  EXPECT_EQ(record("run")["status"], "finished") << "all is written all the same";
  const auto evaluate = [&](const std::string& least) {
    return run({"evaluate", "run", "--data", "set", "--device", "cpu", "--require-accuracy", least});
  };
  EXPECT_EQ(evaluate(json(accuracy).dump()).code, 0) << "exactly as much is enough";
  const Ending high = evaluate("0.9999");
  EXPECT_EQ(high.code, 7);
  EXPECT_THAT(high.output, HasSubstr("Test accuracy: "));
  EXPECT_EQ(evaluate("1.5").code, 2);
}

}  // namespace
}  // namespace nib
