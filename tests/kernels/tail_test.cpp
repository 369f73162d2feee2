#include "kernels/tail.h"

#include <cmath>

#include "kernels/kernel_test.h"
#include "kernels/softmax_loss.h"

namespace nib::kernels {
namespace {

/// One step's work for the tail.
struct Tail {
  TailShape shape;
  std::vector<float> product, hidden_bias, weights, bias;
  std::vector<std::int32_t> labels;
  std::uint64_t live;  ///< rows of the step that hold an image
  std::uint64_t step = 0;
  std::uint64_t output_rows;

  /// Whole numbers and small parts of them: logits are exact in float, in any order of their sums. Labels of all
  /// classes.
  Tail(std::uint32_t rows, std::uint32_t units, std::uint32_t classes)
      : shape{rows, units, classes},
        product(random_integers(std::size_t{rows} * units, rows + units)),
        hidden_bias(random_integers(units, 5)),
        weights(random_integers(std::size_t{units} * classes, units + classes)),
        bias(random_integers(classes, 6)),
        live(rows),
        output_rows(rows) {
    for (float& weight : weights) weight *= 0x1.0p-6f;
    for (float& each : bias) each *= 0x1.0p-3f;
    for (std::uint32_t row = 0; row < rows; ++row)
      labels.push_back(static_cast<std::int32_t>((row * 7 + row / classes) % classes));
  }

  void make_uneven() {
    for (std::vector<float>* numbers : {&product, &hidden_bias, &weights, &bias}) {
      const std::vector<float> noise = random_numbers(numbers->size(), 11);
      for (std::size_t i = 0; i < noise.size(); ++i) (*numbers)[i] += 0.05f * noise[i];
    }
  }

  std::size_t units() const { return shape.units; }
  std::size_t classes() const { return shape.classes; }
  float hidden(std::size_t row, std::size_t unit) const {
    const float value = product[row * units() + unit] + hidden_bias[unit];
    return value < 0.0f ? 0.0f : value;
  }
  double logit(std::size_t row, std::size_t i) const {
    return logit_without_bias(row, i) + static_cast<double>(bias[i]);
  }
  double logit_without_bias(std::size_t row, std::size_t i) const {
    double sum = 0;
    for (std::size_t unit = 0; unit < units(); ++unit)
      sum += static_cast<double>(hidden(row, unit)) * static_cast<double>(weights[i * units() + unit]);
    return sum;
  }
  std::vector<Control> control() const { return {{.source = {.count = step * shape.rows + live}, .step = step}}; }
};

struct Found {
  std::vector<RowResult> results;
  std::vector<float> probabilities, product, hidden_bias, weights, bias;
};

/// What is to be found, from the loss's gradient for the logits.
struct Expected {
  std::vector<double> product, hidden_bias, weights, bias;

  Expected(const Tail& tail, const std::vector<double>& logits_gradient)
      : hidden_bias(tail.units()), weights(tail.weights.size()), bias(tail.classes()) {
    for (std::size_t row = 0; row < tail.shape.rows; ++row) {
      const double* gradient = &logits_gradient[row * tail.classes()];
      for (std::size_t i = 0; i < tail.classes(); ++i) bias[i] += gradient[i];
      for (std::size_t unit = 0; unit < tail.units(); ++unit) {
        const auto value = static_cast<double>(tail.hidden(row, unit));
        double sum = 0;
        for (std::size_t i = 0; i < tail.classes(); ++i) {
          sum += gradient[i] * static_cast<double>(tail.weights[i * tail.units() + unit]);
          weights[i * tail.units() + unit] += gradient[i] * value;
        }
        product.push_back(value <= 0 ? 0 : sum);
        hidden_bias[unit] += product.back();
      }
    }
  }
};

class TailTest : public KernelTest {
 protected:
  Found run(const Tail& tail, bool training) const {
    const auto product = upload(tail.product), hidden_bias = upload(tail.hidden_bias), weights = upload(tail.weights),
               bias = upload(tail.bias);
    const auto labels = upload(tail.labels);
    const auto control = upload(tail.control());
    const std::size_t parts = training ? tail_parts(tail.shape.rows) : 0;
    const auto found = results<RowResult>(training ? tail.shape.rows : tail.output_rows);
    const auto probabilities = results<float>(training ? 0 : tail.output_rows * tail.classes());
    const auto product_gradient = results<float>(training ? tail.product.size() : 0);
    const auto hidden_bias_parts = results<float>(parts * tail.units()),
               weights_parts = results<float>(parts * tail.weights.size()),
               bias_parts = results<float>(parts * tail.classes());
    TailOutputs outputs{.results = found.data()};
    if (training)
      outputs.gradients = {.product = product_gradient.data(),
                           .hidden_bias = hidden_bias_parts.data(),
                           .weights = weights_parts.data(),
                           .bias = bias_parts.data()};
    else
      outputs = {.results = found.data(), .probabilities = probabilities.data(), .output_rows = tail.output_rows};
    kernels::tail(outputs,
                  {.product = product.data(),
                   .hidden_bias = hidden_bias.data(),
                   .weights = weights.data(),
                   .bias = bias.data(),
                   .labels = labels.data()},
                  control.data(), tail.shape, stream);
    return {found.download(),
            probabilities.download(),
            product_gradient.download(),
            sum_of(hidden_bias_parts.download(), parts),
            sum_of(weights_parts.download(), parts),
            sum_of(bias_parts.download(), parts)};
  }

  /// The head of the library's path, behind the same logits. `gradient` is that for the logits.
  struct Library {
    std::vector<RowResult> results;
    std::vector<float> gradient, probabilities;
  };
  Library library(const Tail& tail, bool training) const {
    std::vector<float> exact;
    for (std::size_t row = 0; row < tail.shape.rows; ++row)
      for (std::size_t i = 0; i < tail.classes(); ++i)
        exact.push_back(static_cast<float>(tail.logit_without_bias(row, i)));
    const auto logits = upload(exact), bias = upload(tail.bias);
    const auto labels = upload(tail.labels);
    const auto control = upload(tail.control());
    const auto found = results<RowResult>(training ? tail.shape.rows : tail.output_rows);
    const auto gradient = results<float>(training ? exact.size() : 0);
    const auto probabilities = results<float>(training ? 0 : tail.output_rows * tail.classes());
    softmax_loss({.results = found.data(),
                  .logits_gradient = training ? gradient.data() : nullptr,
                  .probabilities = training ? nullptr : probabilities.data(),
                  .output_rows = training ? 0 : tail.output_rows},
                 {.logits = logits.data(), .bias = bias.data(), .labels = labels.data()}, control.data(),
                 {.rows = tail.shape.rows, .classes = tail.shape.classes, .smoothed = tail.shape.smoothed}, stream);
    return {found.download(), gradient.download(), probabilities.download()};
  }

  /// Runs training and evaluation on exact logits: results and probabilities have the bits of the library's path, and
  /// gradients follow from those that it has for the logits.
  void check(const Tail& tail) const {
    SCOPED_TRACE(testing::Message() << tail.shape.rows << " rows, " << tail.live << " live, " << tail.shape.units
                                    << " units, " << tail.shape.classes << " classes");
    const Found evaluated = run(tail, false), trained = run(tail, true);
    const Library evaluation = library(tail, false), training = library(tail, true);
    expect_same_results(evaluated.results, evaluation.results);
    expect_same(evaluated.probabilities, evaluation.probabilities);
    expect_same_results(trained.results, training.results);
    expect_gradients(trained, {tail, {training.gradient.begin(), training.gradient.end()}});
  }

  static void expect_gradients(const Found& found, const Expected& expected) {
    expect_near(found.product, expected.product, 1e-7, 2e-6);
    expect_near(found.hidden_bias, expected.hidden_bias, 1e-6, 2e-6);
    expect_near(found.weights, expected.weights, 4e-6, 2e-6);
    expect_near(found.bias, expected.bias, 1e-6, 2e-6);
  }

 private:
  static std::vector<float> sum_of(const std::vector<float>& all, std::size_t parts) {
    std::vector<float> sums(parts == 0 ? 0 : all.size() / parts);
    for (std::size_t i = 0; i < all.size(); ++i) sums[i % sums.size()] += all[i];
    return sums;
  }

  static void expect_same_results(const std::vector<RowResult>& actual, const std::vector<RowResult>& expected) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t row = 0; row < actual.size(); ++row) {
      ASSERT_EQ(actual[row].predicted, expected[row].predicted) << row;
      ASSERT_EQ(actual[row].correct, expected[row].correct) << row;
      ASSERT_TRUE(actual[row].loss == expected[row].loss ||
                  (std::isnan(actual[row].loss) && std::isnan(expected[row].loss)))
          << "row " << row << ": expected " << expected[row].loss << ", got " << actual[row].loss;
    }
  }
};

TEST_F(TailTest, Small) {
  check(Tail(7, 40, 10));
  check(Tail(2, 3, 5));
}

TEST_F(TailTest, EqualsTheLibrarysPath) {
  for (const std::uint32_t rows : {1u, 3u, 4u, 5u, 129u, 300u}) check(Tail(rows, 33, 10));
  for (const std::uint32_t classes : {1u, 2u, 7u, 8u, 9u, 31u, 32u}) check(Tail(6, 21, classes));
  for (const std::uint32_t units : {1u, 2u, 31u, 32u, 64u, 127u, 129u, 200u}) check(Tail(6, units, 11));
  check(Tail(128, 128, 10));
}

TEST_F(TailTest, TakesTheGreatestShapesThatFit) {
  EXPECT_TRUE(fits_tail(256, 32));
  EXPECT_TRUE(fits_tail(512, 16));
  EXPECT_FALSE(fits_tail(512, 17));
  EXPECT_FALSE(fits_tail(513, 2));
  EXPECT_FALSE(fits_tail(1, 33));
  check(Tail(5, 256, 32));
  check(Tail(5, 512, 16));
}

TEST_F(TailTest, EqualsTheDoubleReference) {
  for (const TailShape shape : {TailShape{9, 17, 3}, TailShape{128, 128, 10}, TailShape{150, 50, 32}}) {
    Tail tail(shape.rows, shape.units, shape.classes);
    tail.make_uneven();
    const Found found = run(tail, true), evaluated = run(tail, false);
    std::vector<double> gradient, probabilities;
    for (std::size_t row = 0; row < shape.rows; ++row) {
      double sum = 0;
      for (std::size_t i = 0; i < shape.classes; ++i) sum += std::exp(tail.logit(row, i));
      const auto label = static_cast<std::size_t>(tail.labels[row]);
      for (std::size_t i = 0; i < shape.classes; ++i) {
        probabilities.push_back(std::exp(tail.logit(row, i)) / sum);
        gradient.push_back((probabilities.back() - (i == label ? 1.0 : 0.0)) / shape.rows);
      }
      const double loss = -std::log(probabilities[row * shape.classes + label]);
      EXPECT_NEAR(found.results[row].loss, loss, 4e-6 * loss + 4e-6) << row;
      EXPECT_EQ(found.results[row].loss, evaluated.results[row].loss) << row;
    }
    expect_near(evaluated.probabilities, probabilities, 1e-7, 1e-5);
    expect_gradients(found, {tail, gradient});
  }
}

TEST_F(TailTest, MasksRowsBehindTheEnd) {
  for (const std::uint64_t live : {126u, 57u, 1u, 0u}) {
    Tail tail(130, 20, 10);
    tail.live = live;
    tail.step = 3;
    check(tail);  // the labels there must not count, whatever they are
    for (std::size_t row = live; row < 130; ++row) tail.labels[row] = -1;
    check(tail);
  }
}

TEST_F(TailTest, SmoothsLabels) {
  Tail tail(7, 20, 10);
  tail.shape.smoothed = smoothed_labels<float>(0.2, 10);
  check(tail);
}

TEST_F(TailTest, TakesRowsWithoutALabel) {
  Tail tail(7, 20, 10);
  tail.labels[0] = tail.labels[3] = tail.labels[6] = -1;
  check(tail);
}

TEST_F(TailTest, PlacesTheStepsRowsInARing) {
  for (const std::uint64_t step : {1u, 3u, 9u})
    for (const std::uint64_t output_rows : {28u, 30u}) {
      Tail tail(7, 5, 4);
      tail.step = step;
      tail.output_rows = output_rows;
      const Found found = run(tail, false);
      expect_same(found.probabilities, library(tail, false).probabilities);
      for (std::uint64_t row = 0; row < 7; ++row)
        EXPECT_EQ(found.results[(step * 7 + row) % output_rows].loss, run(tail, true).results[row].loss);
    }
}

TEST_F(TailTest, GivesTiesToTheFirstClass) {
  Tail tail(6, 9, 12);
  tail.weights.assign(tail.weights.size(), 0.125f);
  tail.bias.assign(12, 0.5f);
  check(tail);
  for (const RowResult& result : run(tail, true).results) EXPECT_EQ(result.predicted, 0u);
}

/// A unit at zero is shut, on the way back too; NaN goes through both ways, to be noticed.
TEST_F(TailTest, LetsThroughWhatIsNotFinite) {
  for (const float strange : {nan, infinity, -infinity}) {
    Tail tail(9, 12, 10);
    tail.product[4 * 12 + 7] = strange;
    check(tail);
    tail.live = 3;
    check(tail);
    Tail weights(9, 12, 10);
    weights.weights[5 * 12 + 2] = strange;
    check(weights);
    Tail bias(9, 12, 10);
    bias.bias[3] = strange;
    check(bias);
  }
  Tail shut(6, 12, 10);
  shut.product.assign(shut.product.size(), -9.0f);
  check(shut);
  for (const float gradient : run(shut, true).product) EXPECT_EQ(gradient, 0.0f);
}

}  // namespace
}  // namespace nib::kernels
