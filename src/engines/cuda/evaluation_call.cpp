#include "engines/cuda/evaluation_call.h"

#include <algorithm>
#include <array>

namespace nib::cuda {
namespace {

/// While the device works on one chunk, the host reads the one before.
class EvaluationCall {
 public:
  EvaluationCall(const Context& context, const EvaluationStep& step, Images& images, std::uint64_t count,
                 std::uint32_t classes, bool labelled, std::span<float> probabilities, EvaluationBuffers& buffers,
                 const EvaluationProgress& progress)
      : context_(context),
        step_(step),
        count_(count),
        classes_(classes),
        labelled_(labelled),
        probabilities_(probabilities),
        buffers_(buffers),
        progress_(progress),
        feed_(images.feed({}, count, static_cast<std::uint32_t>(step.half_rows()))) {
    for (Event& event : copied_) event = make_event();
    buffers.results.ensure(2 * step.half_rows(), "results");
    if (!probabilities.empty()) buffers.probabilities.ensure(2 * step.half_rows() * classes, "probabilities");
    buffers.confusion.ensure(std::size_t{classes} * classes, "the confusion matrix");
  }

  Metrics run() {
    step_.clear_confusion();
    step_.set_control({.source = feed_->source()});
    std::uint64_t begun = 0, read = 0;
    for (; begun * step_.half_rows() < count_ && !metrics_.stopped; ++begun) {
      begin_chunk(begun);
      if (begun > read) read_chunk(read++);
    }
    while (read < begun) read_chunk(read++);
    metrics_.labelled = labelled_;
    read_confusion();
    return metrics_;
  }

 private:
  std::uint64_t rows_of(std::uint64_t chunk) const {
    return std::min(step_.half_rows(), count_ - chunk * step_.half_rows());
  }

  void begin_chunk(std::uint64_t chunk) {
    const std::uint64_t rows = rows_of(chunk);
    feed_->begin_chunk(chunk);
    step_.launch((rows + step_.rows() - 1) / step_.rows());
    feed_->end_chunk(chunk);
    const std::uint64_t place = chunk % 2 * step_.half_rows();
    fetch(buffers_.results.get() + place, step_.results(chunk), rows * sizeof(kernels::RowResult));
    if (!probabilities_.empty())
      fetch(buffers_.probabilities.get() + place * classes_, step_.probabilities(chunk),
            rows * classes_ * sizeof(float));
    NIB_CHECK_CUDA(cudaEventRecord(copied_[chunk % 2].get(), context_.stream()));
  }

  void fetch(void* to, const void* from, std::size_t bytes) const {
    NIB_CHECK_CUDA(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, context_.stream()));
  }

  void read_chunk(std::uint64_t chunk) {
    NIB_CHECK_CUDA(cudaEventSynchronize(copied_[chunk % 2].get()));
    const std::uint64_t rows = rows_of(chunk), place = chunk % 2 * step_.half_rows();
    const kernels::RowResult* const results = buffers_.results.get() + place;
    // Row by row into one sum, so that it does not depend on the chunks.
    for (std::uint64_t row = 0; row < rows; ++row) {
      metrics_.correct += results[row].correct;
      metrics_.loss_sum += results[row].loss;
    }
    metrics_.rows += rows;
    if (!probabilities_.empty())
      std::copy_n(buffers_.probabilities.get() + place * classes_, rows * classes_,
                  probabilities_.begin() + static_cast<std::ptrdiff_t>(chunk * step_.half_rows() * classes_));
    if (progress_ && !metrics_.stopped && progress_(metrics_.rows) == Next::stop) metrics_.stopped = true;
  }

  void read_confusion() {
    const std::size_t size = std::size_t{classes_} * classes_;
    fetch(buffers_.confusion.get(), step_.confusion(), size * sizeof(unsigned long long));
    context_.synchronize();
    metrics_.confusion.assign(buffers_.confusion.get(), buffers_.confusion.get() + size);
  }

  const Context& context_;
  const EvaluationStep& step_;
  std::uint64_t count_;
  std::uint32_t classes_;
  bool labelled_;
  std::span<float> probabilities_;
  EvaluationBuffers& buffers_;
  const EvaluationProgress& progress_;
  std::unique_ptr<Feed> feed_;
  std::array<Event, 2> copied_;
  Metrics metrics_;
};

}  // namespace

Metrics run_evaluation_call(const Context& context, const EvaluationStep& step, Images& images, std::uint64_t count,
                            std::uint32_t classes, bool labelled, std::span<float> probabilities,
                            EvaluationBuffers& buffers, const EvaluationProgress& progress) {
  return EvaluationCall(context, step, images, count, classes, labelled, probabilities, buffers, progress).run();
}

}  // namespace nib::cuda
