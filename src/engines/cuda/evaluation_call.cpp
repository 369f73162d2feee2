#include "engines/cuda/evaluation_call.h"

#include <algorithm>
#include <array>

namespace nib::cuda {
namespace {

/// While the device works on one chunk, the host reads the one before.
class EvaluationCall {
 public:
  EvaluationCall(const EvaluationResources& resources, const EvaluationRequest& request,
                 const EvaluationProgress& progress)
      : context_(resources.context),
        step_(resources.step),
        buffers_(resources.buffers),
        request_(request),
        progress_(progress),
        feed_(request.images.feed({}, request.count, static_cast<std::uint32_t>(step_.half_rows()))) {
    for (Event& event : copied_) event = make_event();
    buffers_.results.ensure(2 * step_.half_rows(), "results");
    if (!request.probabilities.empty())
      buffers_.probabilities.ensure(2 * step_.half_rows() * request.classes, "probabilities");
    buffers_.confusion.ensure(std::size_t{request.classes} * request.classes, "the confusion matrix");
  }

  Metrics run() {
    step_.clear_confusion();
    step_.set_control({.source = feed_->source()});
    std::uint64_t begun = 0, read = 0;
    for (; begun * step_.half_rows() < request_.count && !metrics_.stopped; ++begun) {
      begin_chunk(begun);
      if (begun > read) read_chunk(read++);
    }
    while (read < begun) read_chunk(read++);
    metrics_.labelled = request_.labelled;
    read_confusion();
    return metrics_;
  }

 private:
  std::uint64_t rows_of(std::uint64_t chunk) const {
    return std::min(step_.half_rows(), request_.count - chunk * step_.half_rows());
  }

  void begin_chunk(std::uint64_t chunk) {
    const std::uint64_t rows = rows_of(chunk);
    feed_->begin_chunk(chunk);
    step_.launch((rows + step_.rows() - 1) / step_.rows());
    feed_->end_chunk(chunk);
    const std::uint64_t place = chunk % 2 * step_.half_rows();
    fetch(buffers_.results.get() + place, step_.results(chunk), rows * sizeof(kernels::RowResult));
    if (!request_.probabilities.empty())
      fetch(buffers_.probabilities.get() + place * request_.classes, step_.probabilities(chunk),
            rows * request_.classes * sizeof(float));
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
    if (!request_.probabilities.empty())
      std::copy_n(
          buffers_.probabilities.get() + place * request_.classes, rows * request_.classes,
          request_.probabilities.begin() + static_cast<std::ptrdiff_t>(chunk * step_.half_rows() * request_.classes));
    if (progress_ && !metrics_.stopped && progress_(metrics_.rows) == Next::stop) metrics_.stopped = true;
  }

  void read_confusion() {
    const std::size_t size = std::size_t{request_.classes} * request_.classes;
    fetch(buffers_.confusion.get(), step_.confusion(), size * sizeof(unsigned long long));
    context_.synchronize();
    metrics_.confusion.assign(buffers_.confusion.get(), buffers_.confusion.get() + size);
  }

  const Context& context_;
  const EvaluationStep& step_;
  EvaluationBuffers& buffers_;
  const EvaluationRequest& request_;
  const EvaluationProgress& progress_;
  std::unique_ptr<Feed> feed_;
  std::array<Event, 2> copied_;
  Metrics metrics_;
};

}  // namespace

Metrics run_evaluation_call(const EvaluationResources& resources, const EvaluationRequest& request,
                            const EvaluationProgress& progress) {
  return EvaluationCall(resources, request, progress).run();
}

}  // namespace nib::cuda
