// The confusion matrix, counted in integers: their sum is the same in any order, so atomics may add them. One block
// does a whole batch, which is little work; so a barrier is enough to move the step on only when every thread has read
// it.

#include "kernels/confusion.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t confusion_threads = 256;

__global__ void __launch_bounds__(confusion_threads)
    count_predictions(unsigned long long* confusion, const RowResult* results, const std::int32_t* labels,
                      ConfusionShape shape, Control* control) {
  const std::uint64_t first = control->step * shape.rows;
  for (std::uint32_t row = threadIdx.x; row < shape.rows; row += blockDim.x) {
    const std::int32_t label = labels[row];
    if (label < 0) continue;
    const std::uint32_t predicted = results[(first + row) % shape.output_rows].predicted;
    atomicAdd(&confusion[std::uint64_t{static_cast<std::uint32_t>(label)} * shape.classes + predicted], 1ull);
  }
  __syncthreads();
  if (threadIdx.x == 0) ++control->step;
}

}  // namespace

void accumulate_confusion(unsigned long long* confusion, const RowResult* results, const std::int32_t* labels,
                          const ConfusionShape& shape, Control* control, cudaStream_t stream) {
  launch(count_predictions, dim3(1), dim3(confusion_threads), stream, confusion, results, labels, shape, control);
}

}  // namespace nib::kernels
