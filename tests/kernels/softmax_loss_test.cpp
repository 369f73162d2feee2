#include "kernels/softmax_loss.h"

#include <algorithm>
#include <cmath>

#include "kernels/kernel_test.h"
#include "nib/arithmetic/exp_log.h"

namespace nib::kernels {
namespace {

/// One step's work for the head, and where its results go.
struct Head {
  SoftmaxShape shape;
  std::vector<float> logits, bias;
  std::vector<std::int32_t> labels;
  std::uint64_t live;  ///< rows of the step that hold an image
  std::uint64_t step = 0;
  std::uint64_t output_rows = 0;  ///< 0: no probabilities
  bool gradient = true;

  /// Random logits between -8 and 8 and labels of all classes.
  Head(std::uint32_t rows, std::uint32_t classes) : shape{rows, classes}, live(rows) {
    logits = random_numbers(std::size_t{rows} * classes, rows + classes);
    for (float& logit : logits) logit *= 7.0f;
    bias = random_numbers(classes, 9);
    for (std::uint32_t row = 0; row < rows; ++row)
      labels.push_back(static_cast<std::int32_t>((row * 7 + row / classes) % classes));
  }

  std::uint64_t results_size() const { return output_rows == 0 ? shape.rows : output_rows; }
  std::uint64_t output_row(std::uint64_t row) const {
    return output_rows == 0 ? row : (step * shape.rows + row) % output_rows;
  }
  bool masked(std::size_t row) const { return row >= live; }
  std::vector<float> row_logits(std::size_t row) const {
    std::vector<float> sums(bias);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += logits[row * shape.classes + i];
    return sums;
  }
};

struct Found {
  std::vector<RowResult> results;
  std::vector<float> gradient, probabilities;
};

std::size_t first_greatest(const std::vector<float>& numbers) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] > numbers[best]) best = i;
  return best;
}

/// A row by the definition in float, one class after the other.
struct Row {
  std::vector<float> probabilities;
  RowResult result;
};
Row defined_row(const std::vector<float>& logits, std::int32_t label, const SmoothedLabels<float>& smoothed) {
  const std::size_t top = first_greatest(logits);
  Row row;
  float sum = 0;
  double others = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    row.probabilities.push_back(exp_float(logits[i] - logits[top]));
    sum += row.probabilities[i];
    if (i != top) others += static_cast<double>(row.probabilities[i]);
  }
  for (float& probability : row.probabilities) probability /= sum;
  row.result.predicted = static_cast<std::uint32_t>(first_greatest(row.probabilities));
  if (label < 0) return row;
  const auto label_class = static_cast<std::size_t>(label);
  row.result.loss =
      log1p_double(others) + (static_cast<double>(logits[top]) - static_cast<double>(logits[label_class]));
  if (smoothed.share > 0) {
    double all = 0;
    for (const float logit : logits) all += static_cast<double>(logit);
    row.result.loss +=
        smoothed.share * (static_cast<double>(logits[label_class]) - all / static_cast<double>(logits.size()));
  }
  row.result.correct = row.result.predicted == label_class ? 1 : 0;
  return row;
}

class SoftmaxLossTest : public KernelTest {
 protected:
  Found run(const Head& head) const {
    const std::size_t size = head.logits.size();
    const auto logits = upload(head.logits), bias = upload(head.bias);
    const auto labels = upload(head.labels);
    const auto control =
        upload(std::vector<Control>{{.source = {.count = head.step * head.shape.rows + head.live}, .step = head.step}});
    const auto found = results<RowResult>(head.results_size());
    const auto gradient = results<float>(head.gradient ? size : 0);
    const auto probabilities = results<float>(head.output_rows * head.shape.classes);
    softmax_loss({.results = found.data(),
                  .logits_gradient = head.gradient ? gradient.data() : nullptr,
                  .probabilities = head.output_rows > 0 ? probabilities.data() : nullptr,
                  .output_rows = head.output_rows},
                 {.logits = logits.data(), .bias = bias.data(), .labels = labels.data()}, control.data(), head.shape,
                 stream);
    return {found.download(), gradient.download(), probabilities.download()};
  }

  /// Runs the head and expects the definition's bits.
  void check(const Head& head) const {
    SCOPED_TRACE(testing::Message() << head.shape.rows << " rows, " << head.live << " live, " << head.shape.classes
                                    << " classes, " << head.output_rows << " output rows");
    const std::size_t classes = head.shape.classes;
    const Found found = run(head);
    std::vector<float> gradient, probabilities(found.probabilities.size(), nan);
    for (std::size_t row = 0; row < head.shape.rows; ++row) {
      const std::int32_t label = head.masked(row) ? -1 : head.labels[row];
      const Row defined = defined_row(head.row_logits(row), label, head.shape.smoothed);
      const RowResult& result = found.results[head.output_row(row)];
      ASSERT_EQ(result.predicted, defined.result.predicted) << row;
      ASSERT_EQ(result.correct, defined.result.correct) << row;
      ASSERT_TRUE(result.loss == defined.result.loss || (std::isnan(result.loss) && std::isnan(defined.result.loss)))
          << "row " << row << ": expected " << defined.result.loss << ", got " << result.loss;
      for (std::size_t i = 0; i < classes; ++i) {
        const float probability = defined.probabilities[i];
        const float own =
            static_cast<std::int32_t>(i) == label ? head.shape.smoothed.label : head.shape.smoothed.others;
        gradient.push_back(head.masked(row) ? 0.0f : (probability - own) / static_cast<float>(head.live));
        if (head.output_rows > 0) probabilities[head.output_row(row) * classes + i] = probability;
      }
    }
    if (head.gradient) expect_same(found.gradient, gradient);
    expect_same(found.probabilities, probabilities);
  }
};

TEST_F(SoftmaxLossTest, Small) {
  check(Head(7, 10));
  check(Head(3, 33));
}

TEST_F(SoftmaxLossTest, EqualsTheDefinitionBitForBit) {
  for (const std::uint32_t classes : {1u, 2u, 9u, 10u, 11u, 31u, 32u, 33u, 64u, 1000u})
    for (const std::uint32_t rows : {1u, 5u, 7u}) check(Head(rows, classes));
  for (const std::uint32_t rows : {112u, 128u, 129u}) check(Head(rows, 10));
}

TEST_F(SoftmaxLossTest, SmoothsLabels) {
  for (const std::uint32_t classes : {2u, 10u, 33u, 100u}) {
    Head head(7, classes);
    head.shape.smoothed = smoothed_labels<float>(0.1, classes);
    check(head);
    head.live = 5;
    check(head);
  }
}

/// The definition itself, against double and the library's functions.
TEST_F(SoftmaxLossTest, EqualsTheDoubleReference) {
  for (const std::uint32_t classes : {1u, 2u, 9u, 10u, 11u, 33u, 1000u}) {
    SCOPED_TRACE(classes);
    Head head(7, classes);
    head.output_rows = 7;
    const Found found = run(head);
    std::vector<double> gradient, probabilities;
    for (std::size_t row = 0; row < 7; ++row) {
      const std::vector<float> logits = head.row_logits(row);
      double sum = 0;
      for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
      const auto label = static_cast<std::size_t>(head.labels[row]);
      for (std::size_t i = 0; i < classes; ++i) {
        probabilities.push_back(std::exp(static_cast<double>(logits[i])) / sum);
        gradient.push_back((probabilities.back() - (i == label ? 1.0 : 0.0)) / 7.0);
      }
      const double loss = -std::log(probabilities[row * classes + label]);
      EXPECT_NEAR(found.results[row].loss, loss, 1e-6 * loss + 1e-12) << row;
    }
    expect_near(found.probabilities, probabilities, 0, 2e-6);
    expect_near(found.gradient, gradient, 2e-8, 2e-6);
  }
}

TEST_F(SoftmaxLossTest, MasksRowsBehindTheEnd) {
  for (const std::uint64_t live : {112u, 1u, 0u}) {
    Head head(128, 10);
    head.live = live;
    head.step = 3;
    check(head);  // the labels there must not count, whatever they are
    for (std::size_t row = live; row < 128; ++row) head.labels[row] = -1;
    check(head);
    head.logits.back() = nan;
    check(head);
  }
}

TEST_F(SoftmaxLossTest, TakesRowsWithoutALabel) {
  for (const std::uint32_t classes : {1u, 10u, 33u}) {
    Head head(7, classes);
    head.labels[0] = head.labels[3] = head.labels[6] = -1;
    check(head);
  }
}

TEST_F(SoftmaxLossTest, PlacesTheStepsRowsInARing) {
  for (const std::uint64_t step : {0u, 1u, 3u, 4u, 9u}) {
    Head head(7, 10);
    head.step = step;
    head.gradient = false;
    for (const std::uint64_t output_rows : {7u, 28u, 30u}) {
      head.output_rows = output_rows;
      check(head);
    }
  }
}

TEST_F(SoftmaxLossTest, GivesTiesToTheFirstClass) {
  for (const std::uint32_t classes : {2u, 10u, 33u, 100u}) {
    Head head(3, classes);
    head.output_rows = 3;
    std::fill(head.logits.begin(), head.logits.end(), 0.125f);
    std::fill(head.bias.begin(), head.bias.end(), 0.0f);
    check(head);
    head.logits[classes - 1] = head.logits[classes / 2] = 0.75f;
    check(head);
    // Logits that differ by too little for the probabilities: the greatest logit is not the first greatest probability.
    head.logits[classes * 2 - 1] = std::nextafter(0.125f, 1.0f);
    check(head);
    EXPECT_EQ(run(head).results[1].predicted, 0u);
  }
}

TEST_F(SoftmaxLossTest, FollowsNumbersThatAreNotFinite) {
  for (const std::uint32_t classes : {1u, 2u, 10u, 33u, 70u})
    for (const float value : {nan, infinity, -infinity}) {
      SCOPED_TRACE(value);
      for (const std::size_t place : {0u, classes / 2, classes - 1}) {
        Head head(3, classes);
        head.output_rows = 3;
        head.logits[classes + place] = value;
        check(head);
        head.bias[place] = -infinity;
        check(head);
      }
      Head head(3, classes);
      std::fill(head.logits.begin(), head.logits.end(), value);
      check(head);
    }
}

}  // namespace
}  // namespace nib::kernels
