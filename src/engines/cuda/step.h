#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engines/cuda/library/graph.h"
#include "engines/cuda/phase_timer.h"
#include "engines/cuda/program.h"
#include "kernels/update.h"

namespace nib::cuda {

/// Steps that one captured graph holds. A step takes little longer than starting one: many at once keep the GPU busy.
inline constexpr std::uint64_t steps_per_graph = 16;

/// All the calls of one step, the same each time: what differs between steps is in the control block on the device.
class Step {
 public:
  /// `augmentation` is of training.
  Step(const Network& network, std::uint32_t rows, const Workshop& workshop, const Augmentation& augmentation);
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  std::uint32_t rows() const { return rows_; }
  std::size_t workspace_bytes() const { return workspaces_.main + workspaces_.side; }

  /// Behind the arena's allocation: settles algorithms on buffers that hold nothing yet. Throws OwnKernelsFailed where
  /// the device does not run a kernel that a library could replace.
  virtual void prepare(void* workspace);
  /// Behind prepare(), of all blocks.
  LibraryChoices library_choices() const;

  /// Puts one step into the stream.
  virtual void run(PhaseTimer* timer) const = 0;

  /// Captures graphs of one and of many steps. A step must have run before.
  void capture();
  bool captured() const { return static_cast<bool>(one_); }
  /// Of one step.
  const NodeCounts& nodes() const { return one_.nodes(); }

  /// Puts `count` captured steps into the stream.
  void launch(std::uint64_t count) const;

  /// The host's view of the control block: set_control() copies all of it to the device, control() all of it back. Both
  /// wait for the stream.
  void set_control(const kernels::Control& control) const;
  kernels::Control control() const;

 protected:
  /// Gathers the batch and takes it through all blocks.
  void forward(PhaseTimer* timer) const;
  /// From the last block's output to the rows' results.
  virtual void run_head() const = 0;

  const Context& context_;
  const ArenaArray<kernels::Control>& control_;
  const ParameterStore& parameters_;
  Shape input_;
  std::uint32_t rows_, classes_;
  BatchRows batch_;
  Program program_;

 private:
  void draw_maps() const;
  void gather() const;
  void try_own() const;

  bool training_;
  kernels::ImageMapsShape maps_shape_;
  PerLane<std::size_t> workspaces_;  ///< bytes of what all blocks share
  CapturedWork one_, many_;
};

/// Forward, backward, update.
class TrainingStep : public Step {
 public:
  TrainingStep(const Network& network, std::uint32_t rows, const Workshop& workshop, const Optimizer& optimizer,
               const Augmentation& augmentation);
  void prepare(void* workspace) override;
  void run(PhaseTimer* timer) const override;

 private:
  void run_head() const override;
  void backward(PhaseTimer* timer) const;

  std::vector<kernels::BiasSegment> biases() const;
  std::vector<kernels::PartialGradient> partial_gradients() const;
  std::span<const float> whole_gradients() const;

  Optimizer optimizer_;
  ArenaArray<double> squares_;              ///< (square_parts), where gradients are clipped
  ArenaArray<double> weight_squares_;       ///< (square_parts), where weights are penalized
  ArenaArray<kernels::RowResult> results_;  ///< (rows)
  ArenaArray<kernels::BiasSegment> biases_;
  ArenaArray<kernels::PartialGradient> partial_;
  std::uint64_t partial_size_ = 0;  ///< of all together; settled by prepare(), as what follows
  std::span<const float> whole_;
};

/// Forward, and what the host wants to know of every row: kept for two rings of steps_per_graph steps, one of which the
/// host can read while the other is written.
class EvaluationStep : public Step {
 public:
  EvaluationStep(const Network& network, std::uint32_t rows, const Workshop& workshop);
  void run(PhaseTimer* timer) const override;

  /// Rows of steps_per_graph steps.
  std::uint64_t half_rows() const { return steps_per_graph * rows_; }
  /// (half_rows) and (half_rows, classes): where the results of steps [n, n + 1) * steps_per_graph begin.
  const kernels::RowResult* results(std::uint64_t n) const { return results_.get() + n % 2 * half_rows(); }
  const float* probabilities(std::uint64_t n) const { return probabilities_.get() + n % 2 * half_rows() * classes_; }
  /// (classes, classes), over all steps since clear_confusion().
  const unsigned long long* confusion() const { return confusion_.get(); }
  void clear_confusion() const;

 private:
  void run_head() const override;

  ArenaArray<kernels::RowResult> results_;
  ArenaArray<float> probabilities_;
  ArenaArray<unsigned long long> confusion_;
};

}  // namespace nib::cuda
