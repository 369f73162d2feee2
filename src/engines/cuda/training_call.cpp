#include "engines/cuda/training_call.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "nib/arithmetic/adam.h"

namespace nib::cuda {
namespace {

class TrainingCall {
 public:
  TrainingCall(const Context& context, const TrainingStep& step, Images& images, std::span<const std::uint32_t> order,
               std::span<const double> learning_rates, const TrainingCallPlan& plan, TrainingBuffers& buffers,
               const Progress& progress)
      : context_(context),
        step_(step),
        plan_(plan),
        buffers_(buffers),
        progress_(progress),
        steps_(learning_rates.size()),
        feed_(images.feed(order, order.size(), plan.chunk_steps * step.rows())),
        ahead_(context.stream()) {
    buffers.step_sizes.ensure(steps_, "step sizes");
    buffers.records.ensure(steps_, "step records");
    buffers.host_records.ensure(steps_, "step records");
    std::vector<float> step_sizes(steps_);
    for (std::size_t i = 0; i < steps_; ++i)
      step_sizes[i] = static_cast<float>(
          adam_step_size(learning_rates[i], plan.optimizer.beta1, plan.optimizer.beta2, plan.finished_steps + i + 1));
    // set_control() waits, so step_sizes has been read when it is gone.
    NIB_CHECK_CUDA(cudaMemcpyAsync(buffers.step_sizes.get(), step_sizes.data(), steps_ * sizeof(float),
                                   cudaMemcpyHostToDevice, context.stream()));
    step.set_control({.source = feed_->source(),
                      .step_sizes = buffers.step_sizes.get(),
                      .records = buffers.records.get(),
                      .finished_steps = plan.finished_steps});
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
      const std::uint64_t count = std::min<std::uint64_t>(plan_.chunk_steps, steps_ - begin);
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

  /// Counts the oldest chunk's steps and tells of them, unless the call is ending already.
  void hear_of_chunk() {
    const std::uint64_t end = std::min<std::uint64_t>(heard_ + plan_.chunk_steps, begun_);
    std::vector<StepResult> steps;
    for (; heard_ < end; ++heard_) {
      const kernels::StepRecord& record = buffers_.host_records.get()[heard_];
      if (record.rows == 0) {
        if (!result_.nonfinite_step) result_.nonfinite_step = plan_.finished_steps + heard_ + 1;
        continue;
      }
      steps.push_back({.step = plan_.finished_steps + heard_ + 1,
                       .rows = record.rows,
                       .correct = record.correct,
                       .loss = record.loss});
      ++result_.steps;
      result_.rows += record.rows;
      result_.correct += record.correct;
      result_.loss_sum += record.loss;
    }
    if (progress_ && !steps.empty() && !result_.stopped && progress_(steps) == Next::stop) result_.stopped = true;
  }

  const Context& context_;
  const TrainingStep& step_;
  TrainingCallPlan plan_;
  TrainingBuffers& buffers_;
  const Progress& progress_;
  std::uint64_t steps_;
  std::unique_ptr<Feed> feed_;
  RunAhead ahead_;
  TrainResult result_;
  std::uint64_t begun_ = 0;  ///< steps that are in the stream
  std::uint64_t heard_ = 0;  ///< steps whose records were looked at
};

}  // namespace

TrainingCallEnd run_training_call(const Context& context, const TrainingStep& step, Images& images,
                                  std::span<const std::uint32_t> order, std::span<const double> learning_rates,
                                  const TrainingCallPlan& plan, TrainingBuffers& buffers, const Progress& progress) {
  TrainingCall call(context, step, images, order, learning_rates, plan, buffers, progress);
  return call.run([&](std::uint64_t count) { step.launch(count); });
}

TrainingCallEnd profile_training_call(const Context& context, const TrainingStep& step, Images& images,
                                      std::span<const std::uint32_t> order, std::span<const double> learning_rates,
                                      const TrainingCallPlan& plan, TrainingBuffers& buffers, PhaseTimer& timer) {
  const Progress silent;
  TrainingCall call(context, step, images, order, learning_rates, plan, buffers, silent);
  return call.run([&](std::uint64_t count) {
    for (; count > 0; --count) {
      step.run(&timer);
      timer.collect();
    }
  });
}

}  // namespace nib::cuda
