// Every value of a run.json in the place of every other kind: taken or refused, never anything else.
#include <gmock/gmock.h>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/comparison.h"
#include "runs/made_run.h"
#include "runs/run_files.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Pointer = ordered_json::json_pointer;

/// A record with every key that there is.
ordered_json full_record() {
  ordered_json record =
      ordered_json::parse(contents(std::filesystem::path(NIB_GOLDEN) / "runs/first-version/run.json"));
  record["command"] = "nib train";
  record["reason"] = "none";
  record["nonfinite_step"] = 4;
  record["repeatable"] = false;
  record["ranks"] = 4;
  record["configuration"]["fast"] = false;
  record["configuration"]["kernels"] = "own";
  record["configuration"]["monitor"] = "accuracy";
  record["configuration"]["min_delta"] = 0.125;
  record["configuration"]["early_stopping"] = 3;
  record["configuration"]["restore_best"] = false;
  for (const char* const name : {"validation", "schedule", "decay_rate", "reduce_on_plateau", "plateau_factor"})
    record["configuration"][name] = name;
  record["history"]["learning_rate"] = {0.001, 0.0005};
  record["weights_sha256"] = std::string(64, '5');
  record["best"] = {{"epoch", 2}, {"weights_sha256", record["weights_sha256"]}};
  record["weights_epoch"] = 2;
  record["epoch_weights"] = {{"sha256", {"", record["weights_sha256"]}}, {"tensors", {"", "01234567 89abcdef"}}};
  record["step_curve"] = {
      {"steps", 3}, {"width", 2}, {"images", {256, 100}}, {"correct", {128, 90}}, {"loss_sum", {300.5, 20.25}}};
  record["seconds"]["pictures"] = 0.5;
  record["stops"] = {{{"step", 3}, {"reason", "signal 2"}, {"resumed", "2026-11-28T10:00:00Z"}}};
  const ordered_json position = {{"path", "log"}, {"bytes", 9}, {"crc32c", 7}};
  record["logs"] = {
      {"every", 50}, {"event_log", position}, {"seconds", 1.5}, {"tensorboard", "board"}, {"event_files", {position}}};
  record["file_sha256"] = {{"history.csv", std::string(64, '0')}};
  return record;
}

void add_places(const ordered_json& value, const Pointer& place, std::vector<Pointer>& places) {
  if (!place.empty()) places.push_back(place);
  if (value.is_object())
    for (const auto& [key, each] : value.items()) add_places(each, place / key, places);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) add_places(value[i], place / i, places);
}

const ordered_json others[] = {nullptr,
                               true,
                               0,
                               -1,
                               1.5,
                               1e300,
                               "",
                               "text \"' <b> \x1b[31m \\ \n",
                               std::string(2000, 'x'),
                               ordered_json::array(),
                               {nullptr},
                               {{{"a", {1, 2}}}},
                               ordered_json::object(),
                               {{"a", 1}, {"b", {{"c", nullptr}}}}};

/// What must stand in a refusal of a value there: the first two keys on the way to it, as far as they are no numbers.
std::string name_of(Pointer place) {
  while (!place.parent_pointer().empty() && !place.parent_pointer().parent_pointer().empty()) place.pop_back();
  const std::string last = place.back(), first = place.parent_pointer().empty() ? "" : place.parent_pointer().back();
  if (first.empty()) return last;
  return last.find_first_not_of("0123456789") == std::string::npos ? first : first + "." + last;
}

bool same_kind(const ordered_json& one, const ordered_json& other) {
  return one.type() == other.type() || (one.is_number() && other.is_number());
}

/// Everything that is made of a run: page and pictures, comparison, the record again.
std::size_t use(const RunFiles& run) {
  const std::vector<RunPicture> pictures =
      draw_pictures({.history = &run.record.history,
                     .step_curve = run.record.step_curve ? &*run.record.step_curve : nullptr,
                     .predictions = &run.predictions,
                     .class_names = run.record.data.class_names});
  const Comparison comparison = compare_runs({run, run});
  return run_report(run.record, "run.json", run.network, run.predictions, pictures).size() +
         json_text(comparison_json(comparison)).size() + json_text(to_json(run.record)).size();
}

TEST(EveryField, IsTakenOrRefusedByItsNameForAValueOfAnyKind) {
  const ordered_json record = full_record();
  const std::string table = contents(std::filesystem::path(NIB_GOLDEN) / "runs/first-version/test_predictions.csv");
  std::vector<Pointer> places;
  add_places(record, Pointer(), places);
  EXPECT_GT(places.size(), 100U);
  std::size_t taken = 0, refused = 0;
  for (const Pointer& place : places)
    for (const ordered_json& other : others) {
      ordered_json changed = record;
      changed[place] = other;
      try {
        RunFiles run = parse_run(changed.dump(), "run.json");
        run.folder = "run";
        run.predictions = parse_predictions(table, run.record, "test_predictions.csv");
        EXPECT_GT(use(run), 1000U);
        ++taken;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_input) << place << ' ' << other.dump().substr(0, 100);
        const std::string message = error.what();
        EXPECT_THAT(message, testing::AnyOf(StartsWith("run.json: "), StartsWith("test_predictions.csv: ")));
        EXPECT_THAT(message, Not(HasSubstr("\n")));
        EXPECT_LT(message.size(), 1000U);
        if (!same_kind(record[place], other) && message.starts_with("run.json: ")) {
          EXPECT_THAT(message, HasSubstr(": " + name_of(place))) << place << ' ' << other.dump().substr(0, 100);
        }
        ++refused;
      }
    }
  EXPECT_GT(taken, places.size());
  EXPECT_GT(refused, 5 * places.size());
}

TEST(EveryField, MayBeMissingOrIsNamed) {
  const ordered_json record = full_record();
  std::vector<Pointer> places;
  add_places(record, Pointer(), places);
  for (const Pointer& place : places) {
    ordered_json changed = record;
    if (changed[place.parent_pointer()].is_array()) continue;
    changed[place.parent_pointer()].erase(place.back());
    try {
      EXPECT_EQ(parse_run(changed.dump(), "run.json").record.status, RunStatus::finished);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_THAT(error.what(), HasSubstr(place.back())) << place;
    }
  }
}

}  // namespace
}  // namespace nib
