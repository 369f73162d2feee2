// The pictures and the report that the real program leaves.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "commands/small_set.h"
#include "pictures/run_pictures.h"
#include "runs/made_run.h"
#include "runs/picture_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A folder with a drawn run in `run`, made once for the tests that only look at it.
class DrawnRun {
 public:
  DrawnRun() : training(nib(drawn_training({"--out", "run"}), folder.path())) {}
  const SmallSetFolder folder;
  const Ending training;
};

const DrawnRun& drawn_run() {
  static const DrawnRun run;
  return run;
}

/// A copy of the drawn run in a folder of its own, without its data set.
class RunAlone : public TemporaryFolder {
 public:
  RunAlone() {
    fs::copy(drawn_run().folder / "run", *this / "run");
    fs::remove(*this / "run/report.html");
  }
  /// As on another machine: nothing is where the record says that the data set is.
  void lose_data() const {
    json record = json::parse(contents(*this / "run/run.json"));
    record["data"]["folder"] = (*this / "gone").string();
    make_file(*this / "run/run.json", sealed_text(record.dump()));
  }
};

std::vector<std::string> missing(const fs::path& folder, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names)
    if (!fs::exists(folder / name)) result.push_back(name);
  return result;
}

/// The arguments in a command that needs no quotes.
std::vector<std::string> arguments_of(const std::string& command) {
  std::istringstream words(command);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  return arguments;
}

TEST(Pictures, StandInTheFolderOfARunWithTheReport) {
  ASSERT_EQ(drawn_run().training.code, 0) << drawn_run().training.errors;
  EXPECT_THAT(drawn_run().training.errors, IsEmpty());
  EXPECT_THAT(drawn_run().training.output,
              HasSubstr("Files in run: run.json, checkpoint.safetensors, best.safetensors, history.csv, "
                        "history.json, test_predictions.csv, model.safetensors, "
                        "report.html and 8 pictures, each as PNG and SVG\n"));
  const fs::path run = drawn_run().folder / "run";
  std::vector<std::string> files = picture_files(run_picture_names());
  files.emplace_back("report.html");
  EXPECT_THAT(files, SizeIs(17));
  EXPECT_THAT(missing(run, files), IsEmpty());
  const json record = json::parse(contents(run / "run.json"));
  for (const std::string& file : files) EXPECT_THAT(record["files"], Contains(file));
  EXPECT_GT(record["seconds"]["pictures"].get<double>(), 0);
}

TEST(Pictures, ArePartOfTheReport) {
  const std::string page = contents(drawn_run().folder / "run/report.html");
  for (const std::string& name : run_picture_names())
    EXPECT_THAT(page, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"" + name + "\""));
  const json record = json::parse(contents(drawn_run().folder / "run/run.json"));
  EXPECT_THAT(page, AllOf(HasSubstr(record["weights_sha256"].get<std::string>()),
                          HasSubstr(record["command"].get<std::string>())));
}

TEST(Pictures, ChangeNeitherWeightsNorPredictions) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run"}), folder.path());
  EXPECT_EQ(value_of(ending.output, "weights sha256: "), value_of(drawn_run().training.output, "weights sha256: "));
  EXPECT_EQ(contents(folder / "run/test_predictions.csv"), contents(drawn_run().folder / "run/test_predictions.csv"));
  EXPECT_THAT(missing(folder / "run", picture_files(run_picture_names())), SizeIs(16));
  EXPECT_FALSE(fs::exists(folder / "run/report.html"));
}

TEST(Pictures, OfAnEarlierRunDoNotStayBesideANewOne) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(drawn_training({"--out", "run"}), folder.path()).code, 0);
  ASSERT_EQ(nib(small_training({"--out", "run", "--force"}), folder.path()).code, 0);
  EXPECT_THAT(missing(folder / "run", picture_files(run_picture_names())), SizeIs(16));
  EXPECT_FALSE(fs::exists(folder / "run/report.html"));
}

TEST(Pictures, LeaveOutFiltersWhereThereIsNoConvolution) {
  const SmallSetFolder folder;
  make_file(folder / "flat.json",
            R"({"input":[28,28,1],"layers":[{"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"}]})");
  const Ending ending = nib(drawn_training({"--out", "run", "--network", "flat.json"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(missing(folder / "run", picture_files(run_picture_names())),
              testing::ElementsAre("kernels.png", "kernels.svg"));
}

/// What an SVG tells of each thing that is pointed at, in order.
std::vector<std::string> hints_of(const std::string& svg) {
  std::vector<std::string> hints;
  constexpr std::string_view begin = "<title>";
  for (std::size_t at = svg.find(begin); at != std::string::npos; at = svg.find(begin, at)) {
    at += begin.size();
    hints.push_back(svg.substr(at, svg.find('<', at) - at));
  }
  EXPECT_FALSE(hints.empty());
  return hints;
}

TEST(Pictures, OfATestComeWithItsOtherFiles) {
  const fs::path folder = drawn_run().folder.path();
  const Ending ending =
      nib({"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu", "--out", "test"}, folder);
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(missing(folder / "test", picture_files(evaluation_picture_names())), IsEmpty());
  // They show the same, but in their title line say of what.
  for (const std::string& name : evaluation_picture_names()) {
    const std::string of_test = contents(folder / ("test/" + name + ".svg")),
                      of_run = contents(folder / ("run/" + name + ".svg"));
    EXPECT_EQ(hints_of(of_test), hints_of(of_run)) << name;
    EXPECT_THAT(of_test, HasSubstr("weights run/model.safetensors</text>")) << name;
    EXPECT_THAT(of_run, HasSubstr("run run</text>")) << name;
  }
  const Ending without =
      nib({"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu", "--out", "bare", "--no-pictures"},
          folder);
  ASSERT_EQ(without.code, 0) << without.errors;
  EXPECT_FALSE(fs::exists(folder / "bare/confusion.png"));
}

TEST(Pictures, OfChosenImagesComeFromShow) {
  const fs::path folder = drawn_run().folder.path();
  const Ending ending = nib({"show", "--data", "set", "--index", "3-11", "--out", "shown"}, folder);
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Files in shown: 1 picture as PNG and SVG\n"));
  EXPECT_THAT(contents(folder / "shown/samples.svg"), HasSubstr("<title>image 11</title>"));
  const Ending many = nib({"show", "--data", "set", "--index", "0-100", "--out", "many"}, folder);
  EXPECT_EQ(many.code, 2);
  EXPECT_EQ(many.errors, "nib: error: --index: too many images for one picture (expected at most 100, got 101)\n");
  EXPECT_FALSE(fs::exists(folder / "many"));
}

TEST(Command, OfARunMakesTheSameWeightsAgain) {
  const json record = json::parse(contents(drawn_run().folder / "run/run.json"));
  std::vector<std::string> arguments = arguments_of(record["command"]);
  ASSERT_THAT(arguments, Contains("train"));
  arguments.erase(arguments.begin());
  arguments.insert(arguments.end(), {"--out", "again", "--no-pictures", "--quiet"});
  const Ending ending = nib(arguments, drawn_run().folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(value_of(ending.output, "weights sha256: "), record["weights_sha256"]);
}

TEST(Report, IsTheSameAgain) {
  const SmallSetFolder folder;
  fs::copy(drawn_run().folder / "run", folder / "run");
  fs::remove(folder / "run/report.html");
  const Ending ending = nib({"report", "run"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(ending.output, "Report: run/report.html\n");
  EXPECT_TRUE(contents(folder / "run/report.html") == contents(drawn_run().folder / "run/report.html"));
}

TEST(Report, TellsWhatIsMissingWithoutTheDataSet) {
  const RunAlone folder;
  folder.lose_data();
  const Ending ending = nib({"report", "run"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("Missing pictures: samples, predictions and mistakes\n"));
  const std::string gone = (folder / "gone").string();
  EXPECT_EQ(ending.errors,
            "nib: warning: " + gone + ": the data set of the run is not there any more: looked for " + gone + "\n");
  const std::string page = contents(folder / "run/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("id=\"confusion\""), Not(HasSubstr("id=\"samples\" class=\"picture\""))));
}

TEST(Report, TakesTheDataSetFromElsewhere) {
  const RunAlone folder;
  const std::string set = (drawn_run().folder / "set").string();
  const Ending ending = nib({"report", "run", "--data", set, "--quiet"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_TRUE(contents(folder / "run/report.html") == contents(drawn_run().folder / "run/report.html"));
}

TEST(Report, RefusesAnotherDataSet) {
  const RunAlone folder;
  write_set(folder / "other", 28, 28, 300, 50);
  const Ending ending = nib({"report", "run", "--data", "other"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors, "nib: error: other: not the data set of the run: its SHA-256 is another\n");
  EXPECT_FALSE(fs::exists(folder / "run/report.html"));
}

TEST(Report, DoesWithoutWeightsThatAreNotThere) {
  const RunAlone folder;
  folder.lose_data();
  fs::remove(folder / "run/model.safetensors");
  const Ending ending = nib({"report", "run"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("samples, predictions, mistakes and kernels"));
  EXPECT_THAT(ending.errors, HasSubstr("nib: warning: run/model.safetensors: "));
}

TEST(Report, ReplacesALinkInItsPlaceAndNotWhatItPointsTo) {
  const RunAlone folder;
  make_file(folder / "victim", "precious");
  fs::create_symlink("../victim", folder / "run/report.html");
  ASSERT_EQ(nib({"report", "run"}, folder.path()).code, 0);
  EXPECT_EQ(contents(folder / "victim"), "precious");
  EXPECT_FALSE(fs::is_symlink(folder / "run/report.html"));
}

TEST(Report, SweepsWhatAKilledOneLeft) {
  const RunAlone folder;
  make_file(folder / "run/.lock", "1\n");
  make_file(folder / "run/.report.html.1-0123456789abcdef.tmp", "<html");
  ASSERT_EQ(nib({"report", "run"}, folder.path()).code, 0);
  EXPECT_FALSE(fs::exists(folder / "run/.lock"));
  EXPECT_FALSE(fs::exists(folder / "run/.report.html.1-0123456789abcdef.tmp"));
}

TEST(Report, RefusesWeightsOfAnotherRunAndDamagedOnes) {
  const RunAlone folder;
  const SmallSetFolder other;
  ASSERT_EQ(nib(small_training({"--out", "other", "--seed", "1"}), other.path()).code, 0);
  const fs::path model = folder / "run/model.safetensors";
  fs::copy(other / "other/model.safetensors", model, fs::copy_options::overwrite_existing);
  Ending ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: run/model.safetensors: not the weights of this run: their hash is "
                                        "another than in run.json (expected "));
  make_file(model, "damaged");
  ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: run/model.safetensors: "));
  EXPECT_FALSE(fs::exists(folder / "run/report.html"));
}

TEST(Report, RefusesPredictionsWithAFlippedBit) {
  const RunAlone folder;
  std::string table = contents(folder / "run/test_predictions.csv");
  char& label = table[table.find('\n') + 3];  // of "0,LABEL,"
  label = static_cast<char>(label ^ 1);
  make_file(folder / "run/test_predictions.csv", table);
  const Ending ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors,
              StartsWith("nib: error: run/test_predictions.csv: not the predictions of this run: class "));
}

TEST(Report, DoesWithoutADataSetThatTheRecordDoesNotName) {
  const RunAlone folder;
  json record = json::parse(contents(folder / "run/run.json"));
  record["data"]["folder"] = nullptr;
  make_file(folder / "run/run.json", sealed_text(record.dump()));
  const Ending ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 0);
  EXPECT_EQ(ending.errors, "nib: warning: run/run.json: data.folder: does not say where the data set is\n");
  EXPECT_THAT(ending.output, StartsWith("Missing pictures: samples, predictions and mistakes\n"));
}

TEST(Report, EndsForLossesThatAreNeighboursAmongDoubles) {
  const RunAlone folder;
  json record = json::parse(contents(folder / "run/run.json"));
  for (const char* const loss : {"loss", "val_loss"}) record["history"][loss] = {1e17, 1e17 + 16};
  record.erase("best");
  make_file(folder / "run/run.json", sealed_text(record.dump()));
  fs::remove(folder / "run/history.csv");
  fs::remove(folder / "run/history.json");
  const Ending ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(contents(folder / "run/report.html"), HasSubstr("validation, epoch 1: 1e+17"));
}

TEST(Report, RefusesWhatIsNoFinishedRun) {
  const RunAlone folder;
  json record = json::parse(contents(folder / "run/run.json"));
  record["status"] = "interrupted";
  make_file(folder / "run/run.json", sealed_text(record.dump()));
  const Ending ending = nib({"report", "run"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: error: run/run.json: "), HasSubstr("interrupted")));
  EXPECT_FALSE(fs::exists(folder / "run/report.html"));
  EXPECT_EQ(nib({"report", "nowhere"}, folder.path()).code, 4);
  EXPECT_EQ(nib({"report"}, folder.path()).code, 2);
}

}  // namespace
}  // namespace nib
