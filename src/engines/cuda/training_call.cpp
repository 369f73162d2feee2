#include "engines/cuda/training_call.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "nib/optimizer.h"

namespace nib::cuda {
namespace {

class TrainingCall {
 public:
  TrainingCall(const TrainingResources& resources, const TrainingRequest& request, const Progress& progress)
      : context_(resources.context),
        step_(resources.step),
        buffers_(resources.buffers),
        request_(request),
        progress_(progress),
        steps_(request.learning_rates.size()),
        feed_(request.images.feed(request.order, request.order.size(), request.chunk_steps * step_.rows())),
        ahead_(context_.stream()) {
    buffers_.step_factors.ensure(steps_, "step factors");
    buffers_.records.ensure(steps_, "step records");
    buffers_.host_records.ensure(steps_, "step records");
    std::vector<StepFactors<float>> factors(steps_);
    for (std::size_t i = 0; i < steps_; ++i)
      factors[i] = rounded(step_factors(request.optimizer, request.learning_rates[i], request.finished_steps + i + 1));
    // set_control() waits, so the factors have been read when they are gone.
    NIB_CHECK_CUDA(cudaMemcpyAsync(buffers_.step_factors.get(), factors.data(), steps_ * sizeof(factors[0]),
                                   cudaMemcpyHostToDevice, context_.stream()));
    step_.set_control({.source = feed_->source(),
                       .step_factors = buffers_.step_factors.get(),
                       .records = buffers_.records.get(),
                       .finished_steps = request.finished_steps});
  }

  /// `run` puts a number of steps into the stream.
  TrainingCallEnd run(const std::function<void(std::uint64_t)>& run) {
    for (std::uint64_t chunk = 0, begin = 0; begin < steps_ && !ending(); ++chunk) {
      if (ahead_.full()) {
        ahead_.wait_for_oldest();
        hear_of_chunk();
        continue_reporting();
        if (ending()) break;
      }
      const std::uint64_t count = std::min<std::uint64_t>(request_.chunk_steps, steps_ - begin);
      feed_->begin_chunk(chunk);
      run(count);
      feed_->end_chunk(chunk);
      NIB_CHECK_CUDA(cudaMemcpyAsync(buffers_.host_records.get() + begin, buffers_.records.get() + begin,
                                     count * sizeof(kernels::StepRecord), cudaMemcpyDeviceToHost, context_.stream()));
      ahead_.begun();
      begin += count;
      begun_ = begin;
      continue_reporting();
    }
    while (!ahead_.empty()) {
      ahead_.wait_for_oldest();
      hear_of_chunk();
    }
    const kernels::Control control = step_.control();
    return {.result = result_,
            .finished_steps = control.finished_steps,
            .parameters_finite = control.parameters_nonfinite == 0};
  }

 private:
  bool ending() const { return result_.stopped || result_.nonfinite_step; }

  void continue_reporting() {
    while (ahead_.oldest_is_done()) hear_of_chunk();
  }

  /// Counts the oldest chunk's steps and tells of them.
  void hear_of_chunk() {
    const std::uint64_t end = std::min<std::uint64_t>(heard_ + request_.chunk_steps, begun_);
    std::vector<StepResult> steps;
    for (; heard_ < end; ++heard_) {
      const kernels::StepRecord& record = buffers_.host_records.get()[heard_];
      if (record.rows == 0) {
        if (!result_.nonfinite_step) result_.nonfinite_step = request_.finished_steps + heard_ + 1;
        continue;
      }
      steps.push_back({.step = request_.finished_steps + heard_ + 1,
                       .rows = record.rows,
                       .correct = record.correct,
                       .loss = record.loss});
      ++result_.steps;
      result_.rows += record.rows;
      result_.correct += record.correct;
      result_.loss_sum += record.loss;
    }
    if (progress_ && !steps.empty() && progress_(steps) == Next::stop) result_.stopped = true;
  }

  const Context& context_;
  const TrainingStep& step_;
  TrainingBuffers& buffers_;
  const TrainingRequest& request_;
  const Progress& progress_;
  std::uint64_t steps_;
  std::unique_ptr<Feed> feed_;
  RunAhead ahead_;
  TrainResult result_;
  std::uint64_t begun_ = 0;  ///< steps that are in the stream
  std::uint64_t heard_ = 0;  ///< steps whose records were looked at
};

}  // namespace

TrainingCallEnd run_training_call(const TrainingResources& resources, const TrainingRequest& request,
                                  const Progress& progress) {
  TrainingCall call(resources, request, progress);
  return call.run([&](std::uint64_t count) { resources.step.launch(count); });
}

TrainingCallEnd profile_training_call(const TrainingResources& resources, const TrainingRequest& request,
                                      PhaseTimer& timer) {
  const Progress silent;
  TrainingCall call(resources, request, silent);
  return call.run([&](std::uint64_t count) {
    for (; count > 0; --count) {
      resources.step.run(&timer);
      timer.collect();
    }
  });
}

}  // namespace nib::cuda
