// The loader thread: every chunk in its slot, in the call's order, and nothing overwritten that is still wanted.

#include "engines/cuda/batch_loader.h"

#include <gtest/gtest.h>

#include <numeric>

#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {
namespace {

constexpr std::size_t image_size = std::size_t{5} * 4;

struct Ring {
  Ring(std::size_t slots, std::uint32_t rows) {
    pixels.resize(slots, std::vector<std::uint8_t>(rows * image_size));
    labels.resize(slots, std::vector<std::uint8_t>(rows));
    for (std::size_t i = 0; i < slots; ++i) views.push_back({pixels[i].data(), labels[i].data()});
  }
  std::vector<std::vector<std::uint8_t>> pixels, labels;
  std::vector<cuda::BatchLoader::Slot> views;
};

void expect_all_chunks(const Dataset& dataset, const std::vector<std::uint32_t>& order, std::uint32_t chunk_rows,
                       std::size_t slots) {
  Ring ring(slots, chunk_rows);
  std::vector<std::uint32_t> expected = order;
  if (order.empty()) {
    expected.resize(dataset.size());
    std::iota(expected.begin(), expected.end(), 0u);
  }
  cuda::BatchLoader loader(dataset, order, expected.size(), chunk_rows, ring.views);
  std::size_t position = 0;
  for (std::uint64_t chunk = 0; chunk < loader.chunks(); ++chunk) {
    const std::uint32_t rows = loader.wait_for(chunk);
    const auto& pixels = ring.pixels[chunk % slots];
    for (std::uint32_t row = 0; row < rows; ++row, ++position) {
      const std::uint32_t index = expected.at(position);
      ASSERT_EQ(ring.labels[chunk % slots][row], dataset.labels[index]) << "position " << position;
      ASSERT_TRUE(std::equal(pixels.begin() + static_cast<std::ptrdiff_t>(row * image_size),
                             pixels.begin() + static_cast<std::ptrdiff_t>((row + 1) * image_size),
                             dataset.pixels.begin() + static_cast<std::ptrdiff_t>(index * image_size)));
    }
    loader.release_before(chunk + 1);
  }
  EXPECT_EQ(position, expected.size());
}

TEST(BatchLoader, FillsEveryChunkInOrder) {
  const auto dataset = synthetic::shared_digits(5, 4, 10, 103);
  for (const std::uint32_t chunk_rows : {1u, 7u, 16u, 103u, 200u}) {
    for (const std::size_t slots : {std::size_t{1}, std::size_t{3}}) {
      SCOPED_TRACE(std::to_string(chunk_rows) + " rows, " + std::to_string(slots) + " slots");
      expect_all_chunks(*dataset, shuffled_order(3, 1, 103), chunk_rows, slots);
      expect_all_chunks(*dataset, {}, chunk_rows, slots);
    }
  }
}

TEST(BatchLoader, EndsWhereNobodyAsksForMore) {
  const auto dataset = synthetic::shared_digits(5, 4, 10, 103);
  Ring ring(2, 8);
  cuda::BatchLoader loader(*dataset, {}, 103, 8, ring.views);
  EXPECT_EQ(loader.wait_for(1), 8u);
}

TEST(BatchLoader, LoadsImagesWithoutLabels) {
  Dataset dataset = *synthetic::shared_digits(5, 4, 10, 9);
  dataset.labels.clear();
  Ring ring(2, 8);
  ring.labels[1][0] = 77;
  cuda::BatchLoader loader(dataset, {}, 9, 8, ring.views);
  EXPECT_EQ(loader.wait_for(1), 1u);
  EXPECT_EQ(ring.labels[1][0], 77);
}

}  // namespace
}  // namespace nib
