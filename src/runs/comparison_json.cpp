#include <utility>

#include "encodings/json.h"
#include "machine/machine.h"
#include "nib/parameters.h"
#include "runs/comparison.h"
#include "runs/run_monitor.h"

namespace nib {
namespace {

Json run_json(const ComparedRun& run) {
  const RunRecord& record = run.files.record;
  Json test = {{"images", record.test->images},
               {"correct", record.test->correct},
               {"loss", record.test->loss},
               {"accuracy", record.test->accuracy},
               {"accuracy_interval", Json::array({run.accuracy.low, run.accuracy.high})},
               {"expected_calibration_error", run.calibration}};
  return {{"name", run.name},
          {"folder", run.files.folder.string()},
          {"started", record.started},
          {"engine", record.engine},
          {"parameters", parameter_count(run.files.network)},
          {"configuration", record.configuration},
          {"stops", to_json(record.stops)},
          {"test", std::move(test)},
          {"seconds", {{"training", record.seconds.training}, {"epoch", run.epoch_seconds}}},
          {"weights_epoch", epoch_of_weights(record)},
          {"best_epoch", best_epoch(record)},
          {"weights_sha256", record.weights_sha256}};
}

Json pair_json(const Comparison& comparison, const ComparedPair& pair) {
  return {{"runs", Json::array({comparison.runs[pair.first].name, comparison.runs[pair.second].name})},
          {"both_right", pair.test.both_right},
          {"only_first_right", pair.test.only_first_right},
          {"only_second_right", pair.test.only_second_right},
          {"both_wrong", pair.test.both_wrong},
          {"p_value", pair.test.p_value},
          {"adjusted_p_value", pair.adjusted_p_value}};
}

Json group_json(const Comparison& comparison, const SettingGroup& group) {
  Json runs = Json::array();
  for (const std::size_t run : group.runs) runs.push_back(comparison.runs[run].name);
  const bool several = group.accuracies.size() > 1;
  return {{"runs", std::move(runs)},
          {"seeds", group.accuracies.size()},
          {"mean_accuracy", mean(group.accuracies)},
          {"accuracy_deviation", several ? Json(standard_deviation(group.accuracies)) : Json()}};
}

Json setting_pair_json(const SettingPair& pair) {
  return {{"settings", Json::array({pair.first, pair.second})},
          {"difference", pair.test.difference},
          {"t", pair.test.t},
          {"degrees_of_freedom", pair.test.degrees_of_freedom},
          {"p_value", pair.test.p_value},
          {"adjusted_p_value", pair.adjusted_p_value}};
}

}  // namespace

Json comparison_json(const Comparison& comparison) {
  Json runs = Json::array(), pairs = Json::array(), settings = Json::array(), setting_pairs = Json::array();
  for (const ComparedRun& run : comparison.runs) runs.push_back(run_json(run));
  for (const ComparedPair& pair : comparison.pairs) pairs.push_back(pair_json(comparison, pair));
  for (const SettingGroup& group : comparison.settings.groups) settings.push_back(group_json(comparison, group));
  for (const SettingPair& pair : comparison.settings.pairs) setting_pairs.push_back(setting_pair_json(pair));
  return {{"program", program_json()},
          {"runs", std::move(runs)},
          {"differing_settings", comparison.differing_settings},
          {"pairs", std::move(pairs)},
          {"settings", std::move(settings)},
          {"setting_pairs", std::move(setting_pairs)}};
}

}  // namespace nib
