#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engines/cpu/compile.h"
#include "engines/cpu/head.h"
#include "engines/cpu/moved_image.h"
#include "engines/cpu/peak.h"
#include "engines/cpu/profile.h"
#include "engines/cpu/ranks.h"
#include "engines/cpu/team.h"
#include "engines/cpu/update.h"
#include "nib/engine.h"

namespace nib::cpu {

/// Images that an engine for training batches of this size has room for: without training it takes more at a time,
/// however small the training batch is.
std::uint32_t row_capacity(std::uint32_t batch);

/// How many of them its spatial blocks take at a time: of a large batch as many whole slots as are work enough, and as
/// many for each thread.
std::uint32_t portion_rows(std::uint32_t batch, unsigned threads);

/// Takes batches through a compiled network: in training forward, backward and update, else forward alone. The passes
/// are tasks of a team of threads, cut so that the results depend on neither their number nor their order.
class StepRunner {
 public:
  /// `options` must outlive it. With a recorder it cuts its passes as for options.cpu.threads, but works through them
  /// on the caller's thread alone and records each.
  explicit StepRunner(const EngineOptions& options, PassRecorder* recorder = nullptr);

  const Network& network() const { return options_.network; }
  Instructions instructions() const { return instructions_; }
  unsigned threads() const { return team_.size(); }
  /// Holds the parameters, which may be written between steps.
  const Program& program() const { return program_; }
  /// Writes them, in the order of parameter_specs(), and renews what is derived from them. Moments stay.
  void set_parameters(const Parameters& parameters);
  Profile& profile() { return profile_; }
  PeakMeter peak_meter() { return {instructions_, team_}; }

  /// Null where this process is alone.
  Ranks* ranks() { return ranks_ ? &*ranks_ : nullptr; }

  /// Step `number` (from 1), on at most `batch` images. Nothing if its loss or a gradient is not finite, or if a flag
  /// is up, on any rank; then nothing has changed but that all ranks have the same flags. Else flags.nonfinite tells
  /// whether the parameters, or their moments, that this process has changed no longer are; the other ranks hear of it
  /// in the next step.
  std::optional<StepResult> train(const Dataset& dataset, std::span<const std::uint32_t> images, std::uint64_t number,
                                  double learning_rate, Flags& flags);

  /// The most images that forward() takes.
  std::uint32_t row_capacity() const { return portion_rows_; }
  void forward(const Dataset& dataset, std::span<const std::uint32_t> images);

  /// Of the last step's rows.
  const RowResult& result(std::size_t row) const { return results_[row]; }
  std::span<const RowResult> results(std::size_t rows) const { return std::span(results_).first(rows); }
  /// (row, class), likewise.
  const float* probabilities() const { return probabilities_.data(); }

 private:
  struct UpdateTask {
    std::size_t block;
    std::uint32_t part;
    std::size_t number;  ///< among those of all ranks
  };

  template <typename Work>
  void pass(const char* name, unsigned tasks, const Work& work);
  Step step_for(const Dataset& dataset, std::span<const std::uint32_t> images, std::uint32_t most_rows) const;
  void spatial_forward(const Step& step, Rows portion);
  void gather_image(const Step& step, std::uint32_t row, unsigned thread);
  void dense_passes(const Step& step, Rows portion);
  void finish_row(const Step& step, std::uint32_t row);
  void list_updates();
  void add_results(StepResult& result) const;
  void spatial_backward(const Step& step, Rows portion);
  void backward_pass(const Step& step, Rows portion, std::size_t begin, std::size_t end, std::uint32_t parts);
  void finish_dense(const Step& step, unsigned which, unsigned thread);
  void add_branches(const Step& step);
  Flags exchange(const Step& step, Flags flags);
  double weight_squares() const;
  /// `squares`: of all weights, where they are penalized.
  std::optional<bool> update_parameters(const Step& step, double learning_rate, double squares);
  bool run_updates(const Step& step, const Update& update);
  void exchange_squares();
  void exchange_weights(const Update& update);

  float* scratch(unsigned thread) { return scratch_[thread].data(); }

  // Kinds of work, for the profile.
  std::size_t forward_work(std::size_t block) const { return 2 + block; }
  std::size_t backward_work(std::size_t block) const { return 2 + program_.blocks.size() + block; }
  std::size_t update_work(std::size_t block) const { return 2 + 2 * program_.blocks.size() + block; }
  std::size_t exchange_work() const { return 2 + 3 * program_.blocks.size(); }
  std::vector<std::string> work_names() const;

  const EngineOptions& options_;
  Instructions instructions_;
  Head head_;
  std::uint32_t classes_;
  SmoothedLabels<float> smoothed_;
  std::uint32_t portion_rows_;
  Program program_;
  std::vector<UpdateTask> updates_;  ///< that this process does
  unsigned spatial_updates_ = 0;     ///< the first of them: those of spatial blocks, which are never shared out
  UpdateWork update_work_;
  std::vector<double> squares_;  ///< of all updates' gradients: their sum, where they were looked at; NaN where a
                                 ///< number was not finite
  Team team_;
  unsigned threads_;  ///< that passes are cut for
  PassRecorder* recorder_;
  Profile profile_;                               ///< behind program_, which names its kinds of work
  std::vector<Buffer<float>> scratch_;            ///< one a thread
  std::vector<std::vector<std::uint8_t>> rooms_;  ///< likewise, for an image of a packed set
  std::vector<ImageMover> movers_;                ///< likewise; none without augmentation
  std::vector<float> probabilities_;              ///< (row, class)
  std::vector<RowResult> results_;
  std::optional<Ranks> ranks_;
  std::array<float, 256> pixel_value_{};
};

}  // namespace nib::cpu
