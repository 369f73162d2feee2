// Runs of older versions: the folder that the first version wrote, and records without what came later.

#include <gmock/gmock.h>

#include <functional>

#include "base/temporary_folder.h"
#include "report/report_page.h"
#include "runs/comparison.h"
#include "runs/made_run.h"
#include "runs/run_files.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::filesystem::path first_version = std::filesystem::path(NIB_GOLDEN) / "runs/first-version";

std::string page_of(const RunFiles& run) { return report_page({.record = run.record, .predictions = run.predictions}); }

TEST(OldRuns, OfTheFirstVersionAreRead) {
  const RunFiles run = read_run(first_version);
  EXPECT_EQ(run.record.command, "");
  EXPECT_FALSE(run.record.seconds.pictures);
  EXPECT_EQ(run.record.history.back().validation_accuracy, 1);
  EXPECT_EQ(run.predictions.size(), 4U);
}

TEST(OldRuns, HaveAReportOfWhatTheyTell) {
  const std::string page = page_of(read_run(first_version));
  EXPECT_THAT(page, HasSubstr("Test accuracy"));
  EXPECT_THAT(page, HasSubstr("SHA-256 of the weights"));
  EXPECT_THAT(page, Not(HasSubstr("<h3>Command</h3>")));
  EXPECT_THAT(page, Not(HasSubstr("<th scope=\"row\">Pictures</th>")));
}

TEST(OldRuns, AreComparedWithNewOnes) {
  const TemporaryFolder folder;
  make_run(folder / "new");
  const Comparison comparison = compare_runs({read_run(first_version), read_run(folder / "new")});
  ASSERT_THAT(comparison.runs, SizeIs(2));
  EXPECT_EQ(comparison.runs[0].name, "first-version");
  EXPECT_EQ(comparison.runs[0].epoch_seconds, 1.375);
  EXPECT_THAT(comparison.differing_settings, ElementsAre("validation_split", "device", "stream", "threads"));
  const Json document = comparison_json(comparison);
  EXPECT_EQ(document["runs"].items()[0]["configuration"]["threads"], Json(2));
}

/// The report of the first version's run after a change of its record, which a comparison can read, too.
std::string page_after(const std::function<void(ordered_json&)>& change) {
  const TemporaryFolder folder;
  ordered_json record = ordered_json::parse(contents(first_version / "run.json"));
  change(record);
  make_run(folder / "run", record, contents(first_version / "test_predictions.csv"));
  const RunFiles run = read_run(folder / "run");
  EXPECT_THAT(compare_runs({run, read_run(first_version)}).differing_settings, IsEmpty());
  return page_of(run);
}

TEST(OldRuns, NeedNoProgramCountsOrPhases) {
  const std::string page = page_after([](ordered_json& record) {
    for (const char* const key : {"folder", "program", "machine", "peak_memory_bytes", "files"}) record.erase(key);
    for (const char* const key : {"title", "folder", "images", "class_counts"}) record["data"].erase(key);
    for (const char* const key : {"data", "until_first_step"}) record["seconds"].erase(key);
    for (ordered_json& file : record["data"]["files"]) file.erase("gzipped"), file.erase("raw_bytes");
  });
  EXPECT_THAT(page, HasSubstr("<h1>unknown</h1>"));
  EXPECT_THAT(page, HasSubstr("Made by nib."));
  EXPECT_THAT(page, Not(HasSubstr("Images of each class")));
}

TEST(OldRuns, MayHaveTheirCommandInWords) {
  const std::string page = page_after([](ordered_json& record) {
    record["command"] = {"nib", "train", "--data", "my set"};
  });
  EXPECT_THAT(page, HasSubstr("<code>nib train --data &#39;my set&#39;</code>"));
}

TEST(OldRuns, KeepWhatTheyTellWhenTheyAreWrittenAgain) {
  const RunFiles run = read_run(first_version);
  ordered_json written = ordered_json::parse(json_text(to_json(run.record)));
  EXPECT_EQ(written["command"], "");
  written.erase("command");
  EXPECT_EQ(written.dump(), ordered_json::parse(contents(first_version / "run.json")).dump());
}

}  // namespace
}  // namespace nib
