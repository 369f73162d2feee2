#include "commands/train/ranked_training.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "commands/with_ranks.h"
#include "inference/model.h"
#include "runs/record_differences.h"

namespace nib {
namespace {

/// The engine with other parameters than training left there; then with its state of before again, to which the
/// checkpoint of the run's end belongs.
class OtherParameters {
 public:
  OtherParameters(Engine& engine, Parameters parameters) : engine_(engine), before_(engine.state()) {
    TrainingState other = before_;
    other.parameters = std::move(parameters);
    engine_.set_state(other);
  }
  ~OtherParameters() {
    try {
      engine_.set_state(before_);
    } catch (const Error&) {  // of a device that is lost: then nothing else will be had of it either
    }
  }
  OtherParameters(const OtherParameters&) = delete;
  OtherParameters& operator=(const OtherParameters&) = delete;

 private:
  Engine& engine_;
  TrainingState before_;
};

std::string numbers_of(const Parameters& parameters) {
  std::string bytes;
  for (const Tensor& tensor : parameters.tensors)
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  return bytes;
}

Parameters with_numbers(Parameters parameters, const std::string& bytes) {
  std::size_t begin = 0;
  for (Tensor& tensor : parameters.tensors) {
    const std::size_t count = tensor.values.size() * sizeof(float);
    std::memcpy(tensor.values.data(), bytes.data() + begin, count);
    begin += count;
  }
  return parameters;
}

std::string start_of(const WeightsFile& model, const std::optional<FoundCheckpoint>& resumed) {
  if (!resumed) return "weights with SHA-256 " + weights_sha256(model.parameters);
  const TrainingState& state = resumed->checkpoint.state;
  return "step " + std::to_string(state.step) + ", weights with SHA-256 " + weights_sha256(state.parameters);
}

}  // namespace

void RankedTraining::start_engine_together() {
  ranks_.wait();
  start_engine_on_data();
}

void RankedTraining::require_same(const std::optional<FoundCheckpoint>& resumed) {
  if (ranks_.size() == 1) return;
  RunRecord record;
  describe(record);
  std::vector<RankFact> facts;
  for (const Json::Member& setting : record.configuration.members()) {
    if (!is_decided_by_training("configuration." + setting.key)) continue;
    std::string value = json_text(setting.value);
    value.pop_back();  // its line end
    facts.push_back({setting.key, std::move(value), ExitCode::usage});
  }
  facts.push_back({"save every", std::to_string(options_.save_every), ExitCode::usage});
  add_facts(facts, source_.files);
  facts.push_back({"start", start_of(model_, resumed)});
  require_same_on_ranks(ranks_, std::move(facts));
}

TrainingOutcome RankedTraining::train_together(const TrainingPosition& start, const TrainingWatch& watch) {
  TrainingOutcome outcome =
      train(*engine_, *training_, validation_ ? &*validation_ : nullptr, options_.plan, start, watch);
  if (outcome.stopped) ranks_.share_stop();
  return outcome;
}

std::optional<Evaluation> RankedTraining::test_together(const Parameters* others) {
  std::optional<Evaluation> evaluation;
  {
    std::optional<OtherParameters> tested;
    if (const std::string numbers = ranks_.from_leader(others != nullptr ? numbers_of(*others) : ""); !numbers.empty())
      tested.emplace(*engine_, with_numbers(engine_->state().parameters, numbers));
    evaluation = evaluate_all(*engine_, *test_);
  }
  return ranks_.share_stop() ? std::nullopt : std::move(evaluation);
}

TrainingShare::TrainingShare(const TrainOptions& options, std::optional<FoundCheckpoint> resumed, Streams& streams,
                             Ranks& ranks)
    : RankedTraining(options,
                     resumed ? resumed->checkpoint.model : open_model(options.model, options.plan.seed, streams),
                     streams, ranks),
      resumed_(std::move(resumed)) {
  load_data();
  start_engine_together();
  require_same(resumed_);
  if (resumed_) engine_->set_state(resumed_->checkpoint.state);
  begin_where_keras_ended();
}

void TrainingShare::run() {
  if (ranks_.share_stop()) return;
  const TrainingOutcome outcome = train_together(
      resumed_ ? resumed_->checkpoint.position : TrainingPosition{},
      {.listeners = {}, .stop_requested = [] { return requested_stop() != 0; }, .rest_every = options_.save_every});
  if (outcome.nonfinite) throw numeric_error({.problem = "a step is not finite"});
  if (!outcome.stopped && test_) test_together(nullptr);
}

}  // namespace nib
