#include "support/recorded_optimizers.h"

#include <nlohmann/json.hpp>

#include "formats/weights.h"
#include "model/network_json.h"

namespace nib::golden {
namespace {

std::vector<TensorFigures> figures(const nlohmann::json& recorded) {
  std::vector<TensorFigures> all;
  for (const auto& each : recorded) all.push_back({each.at("l2").get<double>(), each.at("mean").get<double>()});
  return all;
}

RecordedOptimizer one(const nlohmann::json& recorded) {
  RecordedOptimizer result{.name = recorded.at("optimizer").get<std::string>(), .optimizer = {}};
  result.optimizer = find_optimizer(result.name)->optimizer;
  if (const auto decay = recorded.find("weight_decay"); decay != recorded.end()) {
    result.optimizer.weight_decay = decay->get<double>();
    result.name += "_decay";
  }
  if (const auto l2 = recorded.find("l2"); l2 != recorded.end()) {
    result.optimizer.l2 = l2->get<double>();
    result.name += "_l2";
  }
  if (const auto norm = recorded.find("clip_norm"); norm != recorded.end()) {
    result.optimizer.clip_norm = norm->get<double>();
    result.name += "_clip";
  }
  if (const auto keep = recorded.find("ema"); keep != recorded.end()) {
    result.optimizer.average = keep->get<double>();
    result.name += "_ema";
  }
  result.learning_rates = recorded.at("learning_rates").get<std::vector<double>>();
  result.losses = recorded.at("losses").get<std::vector<double>>();
  result.weights = figures(recorded.at("weights"));
  result.averages = figures(recorded.value("averages", nlohmann::json::array()));
  return result;
}

RecordedOptimizers read() {
  const nlohmann::json recording = json("keras/optimizers/recording.json");
  RecordedOptimizers all;
  all.network = load_network(path("keras/optimizers/network.json").string());
  all.initial = read_weights(path("keras/optimizers/initial.safetensors"), {.network = all.network}).parameters;
  all.batch = recording.at("batch").get<std::uint32_t>();
  all.order = recording.at("order").get<std::vector<std::uint32_t>>();
  for (const auto& each : recording.at("cases")) all.cases.push_back(one(each));
  return all;
}

}  // namespace

const RecordedOptimizers& recorded_optimizers() {
  static const RecordedOptimizers all = read();
  return all;
}

}  // namespace nib::golden
