#include <gmock/gmock.h>

#include <array>
#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "runs/made_run.h"

namespace nib {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(Compare, PutsTrainedRunsSideBySideAndDrawsThem) {
  const SmallSetFolder folder;
  for (const std::string seed : {"1", "2", "3"})
    ASSERT_EQ(nib(small_training({"--out", "seed" + seed, "--seed", seed, "--no-pictures"}), folder.path()).code, 0);
  const Ending ending = nib({"compare", "seed1", "seed2/", "seed3/run.json", "--out", "results"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(
      ending.output,
      AllOf(HasSubstr("Settings that differ: seed\n"), HasSubstr("McNemar's test on 100 test images"),
            HasSubstr("\nThe settings: all runs have the same but for the seed, so that what differs is chance\n"
                      "  3 seeds, mean test accuracy "),
            HasSubstr("  seed1 and seed2 differ by "), HasSubstr("  seed2 and seed3 differ by "),
            HasSubstr("adjusted: for 3 comparisons at once (Holm)"),
            HasSubstr("Files in results: compare.json, compare-curves.png and compare-curves.svg\n")));
  EXPECT_THAT(contents(folder / "results/compare-curves.png"), StartsWith("\x89PNG\r\n\x1a\n"));
  EXPECT_THAT(contents(folder / "results/compare-curves.svg"), AllOf(StartsWith("<svg"), HasSubstr(">seed3</text>")));
  const json document = json::parse(contents(folder / "results/compare.json"));
  EXPECT_THAT(document["runs"], SizeIs(3));
  EXPECT_THAT(document["pairs"], SizeIs(3));
}

TEST(Compare, RefusesPredictionsAndWeightsOfAnotherRun) {
  const SmallSetFolder folder;
  for (const std::string seed : {"1", "2"})
    ASSERT_EQ(nib(small_training({"--out", "seed" + seed, "--seed", seed}), folder.path()).code, 0);
  const auto refusal_with = [&](const std::string& name) {
    const std::string own = contents(folder / "seed1" / name);
    make_file(folder / "seed1" / name, contents(folder / "seed2" / name));
    const Ending ending = nib({"compare", "seed1", "seed2"}, folder.path());
    make_file(folder / "seed1" / name, own);
    EXPECT_EQ(ending.code, 3);
    EXPECT_THAT(ending.output, IsEmpty());
    return ending.errors;
  };
  EXPECT_THAT(refusal_with("test_predictions.csv"), StartsWith("nib: error: seed1/test_predictions.csv: not the "));
  EXPECT_THAT(refusal_with("history.csv"), StartsWith("nib: error: seed1/history.csv: line 2, column "));
  EXPECT_THAT(refusal_with("history.json"), AllOf(StartsWith("nib: error: seed1/history.json: epoch 1, "),
                                                  HasSubstr(": not the figures that run.json has")));
  EXPECT_THAT(refusal_with("model.safetensors"), StartsWith("nib: error: seed1/model.safetensors: not the weights "));
  EXPECT_EQ(nib({"compare", "seed1", "seed2"}, folder.path()).code, 0);
}

/// Two made runs, of which the second has all four images right.
class CompareMade : public testing::Test {
 protected:
  CompareMade() {
    make_run(folder / "one");
    ordered_json better = made_record();
    better["test"]["correct"] = 4;
    better["test"]["accuracy"] = 1.0;
    better["test"]["loss"] = 0.0719;
    better["test"]["confusion_matrix"] = {{2, 0}, {0, 2}};
    better["configuration"]["batch"] = 16;
    make_run(folder / "two", better, "index,true,predicted,p0,p1\n0,0,0,1,0\n1,1,1,0,1\n2,1,1,0,1\n3,0,0,0.75,0.25\n");
  }
  Ending compare(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"compare"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  }
  const TemporaryFolder folder;
};

TEST_F(CompareMade, PrintsATableAndASentence) {
  const Ending ending = compare({"one", "two"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(ending.output,
            "                             one            two\n"
            "test accuracy             0.7500         1.0000\n"
            "95 % interval      0.3006-0.9544  0.5101-1.0000\n"
            "test loss               0.765000       0.071900\n"
            "calibration error         0.4062         0.0625\n"
            "training seconds            2.75           2.75\n"
            "seconds an epoch            1.38           1.38\n"
            "epochs                         2              2\n"
            "batch                          8             16\n"
            "learning rate              0.001          0.001\n"
            "seed                           0              0\n"
            "weights of epoch               2              2\n"
            "best epoch                     2              2\n"
            "parameters                    34             34\n"
            "device                       cpu            cpu\n"
            "                            AVX2           AVX2\n"
            "weights sha256      0123456789ab   0123456789ab\n"
            "\n"
            "Settings that differ: batch\n"
            "\n"
            "The weights: McNemar's test on 4 test images (exact, two-sided)\n"
            "  one and two differ by 1 image (0 right in the first alone, 1 in the second); p = 1.000: no evidence "
            "that the weights of one are better\n"
            "\n"
            "The settings: one run of each tells nothing of them, another seed may turn it round; train each with "
            "several seeds and compare all of those runs\n");
}

TEST_F(CompareMade, TellsWhichRunsStopped) {
  ordered_json stopped = made_record();
  stopped["stops"] = {{{"step", 3}, {"reason", "ended at once"}, {"resumed", "2026-11-28T10:00:00Z"}}};
  make_run(folder / "stopped", stopped);
  const Ending ending = compare({"one", "stopped"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\nstops                          0              1\nepochs"));
  EXPECT_THAT(ending.output, HasSubstr("\nTraining seconds of stopped count from the last stop on\n"));
  const json document = json::parse(compare({"one", "stopped", "--json"}).output);
  EXPECT_EQ(document["runs"][0]["stops"], json::array());
  EXPECT_EQ(document["runs"][1]["stops"], stopped["stops"]);
}

TEST_F(CompareMade, WithJsonPrintsOneDocument) {
  const Ending ending = compare({"one", "two", "--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  const json& run = document["runs"][1];
  EXPECT_EQ(run["name"], "two");
  EXPECT_EQ(run["folder"], "two");
  EXPECT_EQ(run["parameters"], 34);
  EXPECT_EQ(run["configuration"]["batch"], 16);
  EXPECT_EQ(run["test"]["correct"], 4);
  EXPECT_NEAR(run["test"]["accuracy_interval"][0].get<double>(), 0.5101, 1e-4);
  EXPECT_EQ(run["test"]["expected_calibration_error"], 0.0625);
  EXPECT_EQ(run["seconds"]["epoch"], 1.375);
  EXPECT_THAT(document["differing_settings"], ElementsAre("batch"));
  EXPECT_EQ(document["pairs"], json::parse(R"([{"runs": ["one", "two"], "both_right": 3, "only_first_right": 0,
      "only_second_right": 1, "both_wrong": 0, "p_value": 1.0, "adjusted_p_value": 1.0}])"));
  EXPECT_EQ(document["settings"], json::parse(R"([
      {"runs": ["one"], "seeds": 1, "mean_accuracy": 0.75, "accuracy_deviation": null},
      {"runs": ["two"], "seeds": 1, "mean_accuracy": 1.0, "accuracy_deviation": null}])"));
  EXPECT_EQ(document["setting_pairs"], json::array());
  EXPECT_THAT(ending.errors, HasSubstr("McNemar"));
}

TEST_F(CompareMade, FindsTheBetterOfTwoWhereThereAreImagesEnough) {
  const auto record_with = [](std::uint64_t right, double loss) {
    ordered_json record = made_record();
    record["test"] = {{"images", 12},
                      {"correct", right},
                      {"loss", loss},
                      {"accuracy", static_cast<double>(right) / 12},
                      {"confusion_matrix", {{right, 12 - right}, {0, 0}}}};
    return record;
  };
  std::string good = "index,true,predicted,p0,p1\n", bad = good;
  for (int i = 0; i < 12; ++i) {
    good += std::to_string(i) + ",0,0,1,0\n";
    bad += std::to_string(i) + ",0,1,0,1\n";
  }
  make_run(folder / "good", record_with(12, 0), good);
  make_run(folder / "bad", record_with(0, 90), bad);
  EXPECT_THAT(compare({"bad", "good"}).output,
              HasSubstr("  bad and good differ by 12 images (0 right in the first alone, 12 in the second); p < 0.001: "
                        "evidence that the weights of good are better\n"));
}

/// A run on 1,000 images, of which this many are right.
void make_long_run(const std::filesystem::path& folder, int batch, int seed, int right) {
  ordered_json record = made_record();
  record["configuration"]["batch"] = batch;
  record["configuration"]["seed"] = seed;
  record["configuration"]["threads"] = seed + 1;  // weights do not depend on it
  record["test"] = {{"images", 1000},
                    {"correct", right},
                    {"loss", 0.5},
                    {"accuracy", right / 1000.0},
                    {"confusion_matrix", {{right, 1000 - right}, {0, 0}}}};
  std::string predictions = "index,true,predicted,p0,p1\n";
  for (int i = 0; i < 1000; ++i) predictions += std::to_string(i) + (i < right ? ",0,0,1,0\n" : ",0,1,0,1\n");
  make_run(folder, record, predictions);
}

TEST_F(CompareMade, SpeaksOfSettingsOverSeveralSeedsOfEach) {
  const std::array<int, 3> small = {900, 904, 902}, large = {950, 953, 947};
  for (int seed = 0; seed < 3; ++seed) {
    make_long_run(folder / ("small" + std::to_string(seed)), 8, seed, small[static_cast<std::size_t>(seed)]);
    make_long_run(folder / ("large" + std::to_string(seed)), 64, seed, large[static_cast<std::size_t>(seed)]);
  }
  make_long_run(folder / "other", 128, 0, 999);
  const std::vector<std::string> runs{"small0", "large0", "small1", "large1", "small2", "large2"};
  EXPECT_THAT(compare(runs).output,
              testing::EndsWith(
                  "\nThe settings: Welch's t-test on the test accuracies of several seeds (two-sided)\n"
                  "  A = small0, small1 and small2: 3 seeds, mean test accuracy 0.9020, standard deviation 0.0020\n"
                  "  B = large0, large1 and large2: 3 seeds, mean test accuracy 0.9500, standard deviation 0.0030\n"
                  "  A and B differ by 0.0480; p < 0.001: evidence that B is better\n"));
  EXPECT_THAT(
      compare({"small0", "small1", "large1", "other"}).output,
      testing::EndsWith("  A = small0 and small1: 2 seeds, mean test accuracy 0.9020, standard deviation 0.0028\n"
                        "  B = large1: one seed, which tells nothing of the settings\n"
                        "  C = other: one seed, which tells nothing of the settings\n"
                        "  which is better cannot be said: that needs several seeds of each\n"));
  const json document = json::parse(compare({"small0", "large0", "small1", "large1", "--json"}).output);
  EXPECT_THAT(document["settings"][0]["runs"], ElementsAre("small0", "small1"));
  EXPECT_EQ(document["settings"][1]["seeds"], 2);
  const json& pair = document["setting_pairs"][0];
  EXPECT_THAT(pair["settings"], ElementsAre(0, 1));
  // scipy.stats.ttest_ind([0.900, 0.904], [0.950, 0.953], equal_var=False)
  EXPECT_NEAR(pair["difference"].get<double>(), 0.0495, 1e-12);
  EXPECT_NEAR(pair["t"].get<double>(), 19.8, 1e-9);
  EXPECT_NEAR(pair["degrees_of_freedom"].get<double>(), 1.8545994, 1e-6);
  EXPECT_EQ(pair["p_value"], pair["adjusted_p_value"]);
}

TEST_F(CompareMade, TakesRunsOfOneSeedForOneAnswer) {
  make_long_run(folder / "a", 8, 1, 900);
  make_long_run(folder / "b", 8, 1, 900);
  EXPECT_THAT(compare({"a", "b"}).output,
              testing::EndsWith("\nThe settings: all runs have the same, and the same seed\n"));
}

TEST_F(CompareMade, TellsAnotherNetworkFromTheFirstOnes) {
  ordered_json record = made_record();
  record["configuration"]["network"]["input"] = {3, 3, 1};
  make_run(folder / "three", record);
  const Ending ending = compare({"one", "three", "two"});
  EXPECT_THAT(ending.output, HasSubstr("Settings that differ: network and batch\n"));
  EXPECT_EQ(value_of(ending.output, "\nnetwork"), "                  its own        its own    that of one");
}

TEST_F(CompareMade, NamesRunsByTheirPathsWhereTheirFoldersHaveTheSameName) {
  std::filesystem::create_directory(folder / "other");
  make_run(folder / "other/one");
  EXPECT_THAT(compare({"one", "other/one"}).output, HasSubstr("  one and other/one differ by 0 images "));
}

TEST_F(CompareMade, RefusesRunsThatWereTestedOnOtherImages) {
  ordered_json record = made_record();
  record["data"]["files"][2]["raw_sha256"] = "99";
  make_run(folder / "three", record);
  const Ending ending = compare({"one", "two", "three", "--out", "results"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: three: test images: another SHA-256 than one (expected 13, got 99)\n"
            "hint: only runs that were tested on the same set can be compared\n");
  EXPECT_THAT(ending.output, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder / "results"));
}

TEST_F(CompareMade, RefusesRunsWithOtherTrueClasses) {
  ordered_json record = made_record();
  record["test"]["confusion_matrix"] = {{1, 0}, {1, 2}};
  make_run(folder / "three", record, "index,true,predicted,p0,p1\n0,1,0,1,0\n1,1,1,0,1\n2,1,1,0,1\n3,0,0,0.75,0.25\n");
  const Ending ending = compare({"one", "three"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: three: test_predictions.csv: other true classes than one\n"));
}

TEST_F(CompareMade, RefusesARunThatIsNotFinished) {
  make_run(folder / "three", {{"status", "interrupted"}});
  const Ending ending = compare({"one", "three"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: three/run.json: status: the run is not finished (expected finished, got interrupted)\n"
            "hint: it has no test results\n");
}

TEST_F(CompareMade, RefusesAWrongNumberOfRunsAndOneGivenTwice) {
  const auto message = [&](const std::vector<std::string>& runs) {
    const Ending ending = compare(runs);
    EXPECT_EQ(ending.code, 2);
    EXPECT_THAT(ending.output, IsEmpty());
    return ending.errors.substr(0, ending.errors.find('\n'));
  };
  EXPECT_EQ(message({}), "nib: error: RUN: wrong number of runs (expected 2 to 8, got 0)");
  EXPECT_EQ(message({"one"}), "nib: error: RUN: wrong number of runs (expected 2 to 8, got 1)");
  EXPECT_EQ(message({"1", "2", "3", "4", "5", "6", "7", "8", "9"}),
            "nib: error: RUN: wrong number of runs (expected 2 to 8, got 9)");
  EXPECT_EQ(message({"one", "one/run.json"}), R"(nib: error: RUN: the same run twice (got "one" and "one/run.json"))");
  EXPECT_EQ(message({"one", ""}), "nib: error: RUN: empty value (expected a run's folder)");
}

TEST_F(CompareMade, TakesAFolderThatExistsOnlyWithForce) {
  std::filesystem::create_directory(folder / "results");
  EXPECT_EQ(compare({"one", "two", "--out", "results"}).code, 2);
  EXPECT_EQ(compare({"one", "two", "--out", "results", "--force"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "results/compare.json"));
}

}  // namespace
}  // namespace nib
