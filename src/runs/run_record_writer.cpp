#include <algorithm>
#include <utility>

#include "data/class_counts.h"
#include "runs/run_monitor.h"
#include "runs/run_record.h"
#include "training/history.h"

namespace nib {
namespace {

Json file_json(const FileRecord& file) {
  return {
      {"path", file.path}, {"gzipped", file.gzipped}, {"raw_bytes", file.raw_bytes}, {"raw_sha256", file.raw_sha256}};
}

/// A row a true class.
Json matrix_json(const std::vector<std::uint64_t>& confusion) {
  std::size_t classes = 0;
  while (classes * classes < confusion.size()) ++classes;
  Json rows = Json::array();
  for (auto row = confusion.begin(); row != confusion.end(); row += static_cast<std::ptrdiff_t>(classes))
    rows.push_back(std::vector(row, row + static_cast<std::ptrdiff_t>(classes)));
  return rows;
}

/// The phases that there are.
Json seconds_json(const PhaseSeconds& seconds) {
  Json object = Json::object();
  const auto add = [&](const char* key, const std::optional<double>& value) {
    if (value) object[key] = *value;
  };
  add("data", seconds.data);
  add("until_first_step", seconds.until_first_step);
  add("training", seconds.training);
  add("test", seconds.test);
  add("total", seconds.total);
  add("pictures", seconds.pictures);
  return object;
}

Json position_json(const LogPosition& position) {
  return {{"path", position.path}, {"bytes", position.bytes}, {"crc32c", position.crc32c}};
}

Json logs_json(const LogsRecord& logs) {
  Json object = {{"every", logs.every}};
  if (logs.event_log) {
    object["event_log"] = position_json(*logs.event_log);
    object["seconds"] = logs.seconds;
  }
  if (logs.tensorboard.empty()) return object;
  object["tensorboard"] = logs.tensorboard;
  object["event_files"] = Json::array();
  for (const LogPosition& file : logs.event_files) object["event_files"].push_back(position_json(file));
  return object;
}

Json epoch_weights_json(const std::vector<EpochWeights>& weights) {
  Json hashes = Json::array(), tensors = Json::array();
  for (const EpochWeights& epoch : weights) {
    hashes.push_back(epoch.sha256);
    tensors.push_back(epoch.tensors);
  }
  return {{"sha256", std::move(hashes)}, {"tensors", std::move(tensors)}};
}

/// Of pairs of a name and a value.
Json by_name(const auto& parts) {
  Json::Object object;
  for (const auto& [name, value] : parts) object.emplace_back(name, value);
  return object;
}

}  // namespace

const char* word(RunStatus status) {
  switch (status) {
    case RunStatus::finished:
      return "finished";
    case RunStatus::interrupted:
      return "interrupted";
    case RunStatus::failed:
      return "failed";
    case RunStatus::running:
      break;
  }
  return "running";
}

Json to_json(const DataRecord& data) {
  Json files = Json::array();
  for (const FileRecord& file : data.files) files.push_back(file_json(file));
  Json object = {{"name", data.name}, {"title", data.title}, {"folder", data.folder}, {"files", files}};
  if (data.limit) object["limit"] = *data.limit;
  if (!data.images.empty()) object["images"] = by_name(data.images);
  if (!data.class_names.empty()) object["class_names"] = data.class_names;
  if (!data.class_counts.empty()) object["class_counts"] = by_name(data.class_counts);
  return object;
}

Json to_json(const TestResult& test) {
  Json object = Json::object();
  if (test.images > 0) object = {{"images", test.images}, {"correct", test.correct}};
  object["loss"] = test.loss;
  object["accuracy"] = test.accuracy;
  if (!test.confusion.empty()) object["confusion_matrix"] = matrix_json(test.confusion);
  return object;
}

Json to_json(const std::vector<RunStop>& stops) {
  Json array = Json::array();
  for (const RunStop& stop : stops)
    array.push_back({{"step", stop.step}, {"reason", stop.reason}, {"resumed", stop.resumed}});
  return array;
}

Json to_json(const RunRecord& record) {
  Json object = {{"status", word(record.status)},
                 {"started", record.started},
                 {"folder", record.folder},
                 {"program", record.program},
                 {"machine", record.machine},
                 {"engine", record.engine},
                 {"configuration", record.configuration},
                 {"command", record.command},
                 {"data", to_json(record.data)},
                 {"seconds", seconds_json(record.seconds)}};
  if (record.ranks) object["ranks"] = *record.ranks;
  if (record.repeatable) object["repeatable"] = *record.repeatable;
  if (record.test) object["test"] = to_json(*record.test);
  if (!record.weights_sha256.empty()) object["weights_sha256"] = record.weights_sha256;
  if (record.best) object["best"] = {{"epoch", record.best->epoch}, {"weights_sha256", record.best->weights_sha256}};
  if (!record.reason.empty()) object["reason"] = record.reason;
  if (record.nonfinite_step) object["nonfinite_step"] = *record.nonfinite_step;
  if (!record.stops.empty()) object["stops"] = to_json(record.stops);
  if (record.step_curve) object["step_curve"] = to_json(*record.step_curve);
  if (record.logs) object["logs"] = logs_json(*record.logs);
  if (!record.epoch_weights.empty()) object["epoch_weights"] = epoch_weights_json(record.epoch_weights);
  if (record.status == RunStatus::running) return object;
  if (record.weights_epoch) object["weights_epoch"] = *record.weights_epoch;
  if (const std::string why = early_stop_in_words(record); !why.empty()) object["stopped_early"] = why;
  object["history"] = history_to_json(record.history);
  object["finished"] = record.finished;
  object["peak_memory_bytes"] = record.peak_memory_bytes;
  object["files"] = record.files;
  if (!record.file_sha256.empty()) object["file_sha256"] = by_name(record.file_sha256);
  return object;
}

bool has_test_part(const DataRecord& data) {
  return std::ranges::any_of(data.images, [](const auto& part) { return part.first == "test"; });
}

DataRecord data_record(const DataCollection& source) {
  DataRecord data{.name = source.name, .title = source.title, .folder = source.folder.string()};
  if (source.limit > 0) data.limit = source.limit;
  for (const DataFile& file : source.files)
    data.files.push_back({.path = file.path.string(),
                          .raw_sha256 = file.raw_sha256,
                          .gzipped = file.gzipped,
                          .raw_bytes = file.raw_bytes});
  return data;
}

DataRecord data_record(const DataCollection& source, const Split& split, const Dataset& test) {
  DataRecord data = data_record(source);
  const auto add = [&](const char* part, const Dataset& dataset) {
    data.images.emplace_back(part, dataset.size());
    data.class_counts.emplace_back(part, class_counts(dataset));
  };
  add("training", *split.training);
  if (split.validation) add("validation", *split.validation);
  if (!test.labels.empty()) add("test", test);
  data.class_names = test.class_names;
  return data;
}

}  // namespace nib
