// How many images the CUDA engine takes at once.

#include "engines/cuda/batches.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

Network one_layer(std::uint32_t side, const Layer& layer) {
  return {.input = {side, side, 1},
          .layers = {layer, Flatten{}, Dense{.units = 10, .activation = Activation::softmax}}};
}

TEST(CudaBatches, EvaluateManySmallImagesAtOnce) {
  EXPECT_EQ(cuda::evaluation_rows(digits_network()), 1024u);
  EXPECT_EQ(cuda::evaluation_rows(one_layer(1, Dropout{0.5})), 1024u);
}

TEST(CudaBatches, EvaluateFewerOfLargeLayersOrImages) {
  // 254 x 254 x 30 floats, twice with what Flatten puts out: 17 images have 255 MiB.
  EXPECT_EQ(cuda::evaluation_rows(one_layer(256, Convolution{.filters = 30})), 16u);
  EXPECT_EQ(cuda::evaluation_rows(one_layer(256, Convolution{.filters = 256})), 2u);
  // 16 steps of 64 images of 64 KiB are 64 MiB.
  EXPECT_EQ(cuda::evaluation_rows(one_layer(256, MaxPool{.size = {16, 16}, .stride = {16, 16}})), 64u);
}

TEST(CudaBatches, TrainInChunksThatAreNotTooLarge) {
  EXPECT_EQ(cuda::chunk_steps({.network = digits_network(), .batch = 128}), 16u);
  const Network large = one_layer(256, MaxPool{});
  EXPECT_EQ(cuda::chunk_steps({.network = large, .batch = 128}), 8u);
  EXPECT_EQ(cuda::chunk_steps({.network = large, .batch = 5000}), 1u);
}

}  // namespace
}  // namespace nib
