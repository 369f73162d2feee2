#include "kernels/confusion.h"

#include <random>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

struct Batch {
  std::vector<RowResult> results;    ///< (output row)
  std::vector<std::int32_t> labels;  ///< (row)
};

/// Predictions and labels of all classes; every fifth row has no label.
Batch random_batch(std::size_t rows, std::size_t output_rows, std::uint32_t classes, std::uint32_t seed) {
  std::mt19937 random(seed);
  Batch batch{std::vector<RowResult>(output_rows), std::vector<std::int32_t>(rows)};
  for (RowResult& result : batch.results) result.predicted = static_cast<std::uint32_t>(random() % classes);
  for (std::size_t row = 0; row < rows; ++row)
    batch.labels[row] = row % 5 == 4 ? -1 : static_cast<std::int32_t>(random() % classes);
  return batch;
}

class ConfusionTest : public KernelTest {
 protected:
  /// Counts the same labels in some steps one after the other, whose rows lie in turn on the places of `output_rows`.
  void check(std::uint32_t rows, std::uint64_t output_rows, std::uint32_t classes, std::uint64_t steps = 9) const {
    SCOPED_TRACE(testing::Message() << rows << " rows of " << output_rows << ", " << classes << " classes");
    const Batch batch = random_batch(rows, output_rows, classes, rows + classes);
    std::vector<unsigned long long> expected(std::size_t{classes} * classes);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i * 5'000'000'000ull;  // beyond 32 bits
    const auto confusion = upload(expected);
    const auto control = upload(std::vector<Control>{{.step = 3}});
    const auto results = upload(batch.results);
    const auto labels = upload(batch.labels);
    for (std::uint64_t step = 3; step < 3 + steps; ++step) {
      accumulate_confusion(confusion.data(), results.data(), labels.data(),
                           {.output_rows = output_rows, .rows = rows, .classes = classes}, control.data(), stream);
      for (std::uint32_t row = 0; row < rows; ++row)
        if (batch.labels[row] >= 0)
          ++expected[static_cast<std::size_t>(batch.labels[row]) * classes +
                     batch.results[(step * rows + row) % output_rows].predicted];
    }
    EXPECT_EQ(confusion.download(), expected);
    EXPECT_EQ(control.download()[0].step, 3 + steps);
  }
};

TEST_F(ConfusionTest, Small) { check(300, 1000, 10, 2); }

TEST_F(ConfusionTest, CountsEveryLabelledRowExactly) {
  for (const std::uint32_t rows : {1u, 7u, 112u, 128u, 257u, 600u})
    for (const std::uint32_t classes : {1u, 2u, 10u, 11u, 33u}) check(rows, rows, classes);
}

TEST_F(ConfusionTest, FindsTheStepsRowsInARing) {
  check(128, 128 * 4, 10);
  check(7, 7 * 5, 10);
  check(128, 1000, 10);  // steps that wrap around within
}

}  // namespace
}  // namespace nib::kernels
