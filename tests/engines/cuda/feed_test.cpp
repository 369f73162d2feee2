// The ring that images stream through, without any kernel: so that a thread sanitizer, under which kernels on the host
// take too long, sees the loader's thread beside the copies.

#include <algorithm>

#include "engines/cuda/cuda_engine_fixture.h"
#include "engines/cuda/images.h"
#include "nib/training.h"

namespace nib {
namespace {

class CudaFeed : public CudaEngineTest {
 protected:
  static constexpr std::uint32_t count = 211, chunk_rows = 16;
  std::shared_ptr<const Dataset> dataset = images_for(small_network(), count);
  std::size_t image_size = std::size_t{dataset->rows} * dataset->columns;

  /// What steps would find in the ring, in the order of the call: copied back behind each chunk's arrival, as late as
  /// the stream lets it be.
  void expect_order(const cuda::Context& context, cuda::Images& images, const std::vector<std::uint32_t>& order,
                    std::uint64_t chunks) const {
    cuda::PinnedArray<std::uint8_t> pixels, labels;
    pixels.ensure(order.size() * image_size, "a test");
    labels.ensure(order.size(), "a test");
    const auto feed = images.feed(order, order.size(), chunk_rows);
    const kernels::BatchSource source = feed->source();
    std::uint64_t rows = 0;
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
      const std::uint64_t begin = chunk * chunk_rows, place = begin % source.wrap;
      rows = std::min<std::uint64_t>(begin + chunk_rows, order.size());
      feed->begin_chunk(chunk);
      fetch(context, pixels.get() + begin * image_size, source.pixels + place * image_size,
            (rows - begin) * image_size);
      fetch(context, labels.get() + begin, source.labels + place, rows - begin);
      feed->end_chunk(chunk);
    }
    context.synchronize();
    for (std::uint64_t i = 0; i < rows; ++i) {
      ASSERT_EQ(labels.get()[i], dataset->labels[order[i]]) << "position " << i;
      ASSERT_TRUE(std::equal(pixels.get() + i * image_size, pixels.get() + (i + 1) * image_size,
                             dataset->pixels.data() + order[i] * image_size))
          << "position " << i;
    }
  }

  static void fetch(const cuda::Context& context, void* to, const void* from, std::size_t bytes) {
    NIB_CHECK_CUDA(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, context.stream()));
  }
};

TEST_F(CudaFeed, BringsEveryImageInOrder) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    cuda_on_host::set_seed(seed);
    const cuda::Context context(0, Precision::fp32, false);
    const auto images = cuda::make_streamed_images(context, *dataset, chunk_rows);
    for (std::uint32_t epoch = 1; epoch <= 3; ++epoch)
      expect_order(context, *images, shuffled_order(seed, epoch, count), (count + chunk_rows - 1) / chunk_rows);
  }
}

TEST_F(CudaFeed, EndsEarlyAndBeginsAnew) {
  const cuda::Context context(0, Precision::fp32, false);
  const auto images = cuda::make_streamed_images(context, *dataset, chunk_rows);
  for (const std::uint64_t chunks : {0u, 1u, 3u, 6u})
    expect_order(context, *images, shuffled_order(7, 1, count), chunks);
}

}  // namespace
}  // namespace nib
