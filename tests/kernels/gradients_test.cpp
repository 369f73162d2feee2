#include "kernels/gradients.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "kernels/kernel_test.h"

namespace nib::kernels {
namespace {

struct SegmentShape {
  std::uint64_t rows;
  std::uint32_t channels;
};

/// Rows below, at and above the number of parts; channels that fill a block, fall short of it and pass it.
const std::vector<SegmentShape> segment_shapes = {{1, 10},   {7, 1},    {31, 33},   {32, 2},     {33, 11},
                                                  {112, 9},  {128, 10}, {128, 128}, {128, 1000}, {130, 257},
                                                  {800, 64}, {5000, 3}, {20000, 1}};

/// One bias's gradients on the way: where a kernel reads and writes them.
struct Bias {
  Bias(cudaStream_t stream, const SegmentShape& shape, const std::vector<float>& output_gradients)
      : output_gradient(stream, output_gradients),
        partials(stream, std::size_t{bias_parts} * shape.channels),
        segment{.output_gradient = output_gradient.data(),
                .rows = shape.rows,
                .channels = shape.channels,
                .partials = partials.data()} {}
  DeviceArray<float> output_gradient, partials;
  BiasSegment segment;
};

class BiasPartialsTest : public KernelTest {
 protected:
  using Numbers = std::vector<float> (*)(std::size_t, std::uint32_t);

  /// Sums all segments in one launch; the partials of each.
  std::vector<std::vector<float>> partials_of(Numbers numbers) const {
    std::vector<std::unique_ptr<Bias>> biases;
    std::vector<BiasSegment> segments;
    for (const SegmentShape& shape : segment_shapes) {
      biases.push_back(std::make_unique<Bias>(stream, shape, numbers(shape.rows * shape.channels, shape.channels)));
      segments.push_back(biases.back()->segment);
    }
    const auto on_device = upload(segments);
    bias_partials(on_device.data(), static_cast<std::uint32_t>(segments.size()), stream);
    std::vector<std::vector<float>> partials;
    for (const auto& bias : biases) partials.push_back(bias->partials.download());
    return partials;
  }

  /// Sums of the parts in double, or of the numbers' absolute values.
  static std::vector<double> reference(const SegmentShape& shape, Numbers numbers, bool absolute = false) {
    const std::vector<float> values = numbers(shape.rows * shape.channels, shape.channels);
    std::vector<double> sums(std::size_t{bias_parts} * shape.channels, 0.0);
    for (std::size_t part = 0; part < bias_parts; ++part)
      for (std::size_t row = shape.rows * part / bias_parts; row < shape.rows * (part + 1) / bias_parts; ++row)
        for (std::size_t channel = 0; channel < shape.channels; ++channel) {
          const double value = static_cast<double>(values[row * shape.channels + channel]);
          sums[part * shape.channels + channel] += absolute ? std::abs(value) : value;
        }
    return sums;
  }
};

TEST_F(BiasPartialsTest, SumWholeNumbersExactly) {
  const std::vector<std::vector<float>> partials = partials_of(random_integers);
  for (std::size_t i = 0; i < segment_shapes.size(); ++i) {
    SCOPED_TRACE(testing::Message() << segment_shapes[i].rows << " x " << segment_shapes[i].channels);
    expect_near(partials[i], reference(segment_shapes[i], random_integers), 0, 0);
  }
}

/// The gate is what so many additions in float can lose.
TEST_F(BiasPartialsTest, EqualTheDoubleReference) {
  const std::vector<std::vector<float>> partials = partials_of(random_numbers);
  for (std::size_t i = 0; i < segment_shapes.size(); ++i) {
    const SegmentShape& shape = segment_shapes[i];
    SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.channels);
    const std::vector<double> absolute_sums = reference(shape, random_numbers, true);
    const double greatest = *std::max_element(absolute_sums.begin(), absolute_sums.end());
    const double additions = static_cast<double>(shape.rows / bias_parts + 1);
    expect_near(partials[i], reference(shape, random_numbers), additions * 0x1p-24 * greatest, 0);
  }
}

TEST_F(BiasPartialsTest, AreTheSameBitsEachTime) {
  const std::vector<std::vector<float>> first = partials_of(random_numbers);
  for (int run = 0; run < 3; ++run) {
    const std::vector<std::vector<float>> again = partials_of(random_numbers);
    for (std::size_t i = 0; i < first.size(); ++i) expect_same(again[i], first[i]);
  }
}

TEST_F(BiasPartialsTest, CarryNaNAndInfinityOnInTheirPartAlone) {
  const SegmentShape shape{std::uint64_t{bias_parts} * 10, 3};  // ten rows a part
  std::vector<float> gradients(shape.rows * shape.channels, 1.0f);
  gradients[(30 * 10 + 9) * 3 + 1] = nan;   // part 30
  gradients[(31 * 10) * 3 + 2] = infinity;  // part 31
  const Bias bias(stream, shape, gradients);
  const auto on_device = upload(std::vector<BiasSegment>{bias.segment});
  bias_partials(on_device.data(), 1, stream);
  std::vector<float> expected(std::size_t{bias_parts} * 3, 10.0f);
  expected[30 * 3 + 1] = nan;
  expected[31 * 3 + 2] = infinity;
  expect_same(bias.partials.download(), expected);
}

/// As if the gradients behind a shut ReLU had been zeros: also where they are NaN; one of NaN is open.
TEST_F(BiasPartialsTest, LeaveOutWhatAShutReluHolds) {
  for (const SegmentShape& shape : segment_shapes) {
    SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.channels);
    const std::size_t size = shape.rows * shape.channels;
    std::vector<float> gradients = random_numbers(size, 4), outputs = random_numbers(size, 5);
    for (std::size_t i = 0; i < size; i += 5) outputs[i] = i % 2 == 0 ? 0.0f : -0.0f;
    for (std::size_t i = 0; i < size; i += 7) outputs[i] = i % 2 == 0 ? nan : infinity;
    std::vector<float> passed = gradients;
    for (std::size_t i = 0; i < size; ++i)
      if (outputs[i] <= 0.0f) {
        passed[i] = 0.0f;
        if (i % 3 == 0) gradients[i] = nan;
      }
    const Bias bias(stream, shape, gradients), expected(stream, shape, passed);
    const auto on_device = upload(outputs);
    BiasSegment gated = bias.segment;
    gated.output = on_device.data();
    const auto segments = upload(std::vector<BiasSegment>{gated, expected.segment});
    bias_partials(segments.data(), 2, stream);
    expect_same(bias.partials.download(), expected.partials.download());
  }
}

// ---- finish_gradients ----

struct PartialShape {
  std::uint32_t count, size;
};

/// All that ends a backward pass, ordinary numbers at first.
struct Backward {
  std::vector<float> weights;
  std::vector<PartialShape> shapes{{bias_parts, 10}, {bias_parts, 300}, {1, 1}, {13, 1290}};
  std::vector<std::vector<float>> partials;  ///< (shape)(part, element)
  std::vector<RowResult> rows;
  Control control{.step = 2, .finished_steps = 40, .factors = {.rate = -1.0f}};
  std::uint64_t images = 1000;  ///< of the call

  explicit Backward(std::size_t weight_count = 700, std::size_t batch = 128)
      : weights(random_numbers(weight_count, 1)) {
    for (const auto [count, size] : shapes) partials.push_back(random_numbers(std::size_t{count} * size, size));
    for (const float loss : random_numbers(batch, 3))
      rows.push_back({static_cast<double>(loss) + 2.0, 1, loss > 0.25f ? 1u : 0u});
  }
};

struct Finished {
  Control control;
  std::vector<StepRecord> records;
  std::vector<std::vector<float>> sums;
};

class FinishGradientsTest : public KernelTest {
 protected:
  Finished finish(const Backward& backward) const {
    std::vector<std::unique_ptr<DeviceArray<float>>> partials, gradients;
    std::vector<PartialGradient> partial;
    std::uint64_t partial_size = 0;
    for (std::size_t i = 0; i < backward.shapes.size(); ++i) {
      const auto [count, size] = backward.shapes[i];
      partials.push_back(std::make_unique<DeviceArray<float>>(stream, backward.partials[i]));
      gradients.push_back(std::make_unique<DeviceArray<float>>(stream, size));
      partial.push_back({partials.back()->data(), count, size, gradients.back()->data()});
      partial_size += size;
    }
    const auto weights = upload(backward.weights);
    const auto factors = upload<StepFactors<float>>({{0.1f}, {0.2f}, {0.3f, 0.5f, 0.6f, 0.7f}, {0.4f}});
    const auto records = upload(std::vector<StepRecord>(4, StepRecord{-1, 77, 77}));
    const auto rows = upload(backward.rows);
    const auto on_device = upload(partial);
    Control before = backward.control;
    before.source.count = backward.images;
    before.step_factors = factors.data();
    before.records = records.data();
    const auto control = upload(std::vector<Control>{before});
    finish_gradients({.whole_gradients = weights.data(),
                      .whole = backward.weights.size(),
                      .partial = on_device.data(),
                      .partial_size = partial_size,
                      .rows = rows.data(),
                      .batch = static_cast<std::uint32_t>(backward.rows.size())},
                     control.data(), stream);
    Finished finished{control.download()[0], records.download(), {}};
    for (const auto& gradient : gradients) finished.sums.push_back(gradient->download());
    expect_same(weights.download(), backward.weights);
    EXPECT_EQ(finished.control.step, before.step) << "update() moves it on";
    EXPECT_EQ(finished.control.finished_steps, before.finished_steps);
    EXPECT_EQ(finished.control.parameters_nonfinite, before.parameters_nonfinite);
    return finished;
  }

  /// Step number 41 is the running one.
  void expect_refused(const Backward& backward) const { EXPECT_EQ(finish(backward).control.nonfinite_step, 41u); }
  void expect_accepted(const Backward& backward) const { EXPECT_EQ(finish(backward).control.nonfinite_step, 0u); }
};

constexpr float refused_gradients[] = {nan, infinity, -infinity, 1e30f, -1.9e19f};  // the last two: their squares

TEST_F(FinishGradientsTest, Small) {
  expect_accepted(Backward(700, 257));
  Backward backward(700, 257);
  backward.weights[256] = nan;
  backward.weights[699] = infinity;
  expect_refused(backward);
}

TEST_F(FinishGradientsTest, AddsPartsInOrder) {
  // Above 4096 x 256 elements in all, threads have more than one.
  for (const std::size_t whole : {0u, 700u, 1048576u}) {
    const Backward backward(whole);
    const Finished finished = finish(backward);
    for (std::size_t i = 0; i < backward.shapes.size(); ++i) {
      const auto [count, size] = backward.shapes[i];
      std::vector<float> sums(size, 0.0f);
      for (std::size_t part = 0; part < count; ++part)
        for (std::size_t element = 0; element < size; ++element)
          sums[element] += backward.partials[i][part * size + element];
      expect_same(finished.sums[i], sums);
    }
  }
}

TEST_F(FinishGradientsTest, RecordsTheStepAndItsFactors) {
  for (const std::size_t batch : {1u, 7u, 112u, 128u, 255u, 257u, 600u}) {
    SCOPED_TRACE(batch);
    const Backward backward(10, batch);
    double loss = 0;
    std::uint32_t correct = 0;
    for (const RowResult& row : backward.rows) {
      loss += row.loss;
      correct += row.correct;
    }
    for (const std::uint64_t live : {std::uint64_t{batch}, (batch + 1) / 2, std::uint64_t{0}}) {
      Backward with_end = backward;
      with_end.images = 2 * batch + live;
      const Finished finished = finish(with_end);
      EXPECT_EQ(finished.control.nonfinite_step, 0u);
      EXPECT_EQ(finished.control.factors.rate, 0.3f);
      EXPECT_EQ(finished.control.factors.epsilon, 0.7f);
      EXPECT_NEAR(finished.records[2].loss, loss, 1e-13 * loss);
      EXPECT_EQ(finished.records[2].correct, correct);
      EXPECT_EQ(finished.records[2].rows, live);
      for (const std::size_t other : {0u, 1u, 3u}) EXPECT_EQ(finished.records[other].rows, 77u);
    }
  }
}

TEST_F(FinishGradientsTest, NotesAWeightsGradientThatIsNotFinite) {
  for (const std::size_t size : {1u, 255u, 257u, 700u})
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1})
      for (const float value : refused_gradients) {
        SCOPED_TRACE(testing::Message() << value << " at " << place << " of " << size);
        Backward backward(size);
        backward.weights[place] = value;
        expect_refused(backward);
        backward.weights[place] = 1.8e19f;  // its square is just below the greatest float
        expect_accepted(backward);
      }
}

TEST_F(FinishGradientsTest, LooksAtMoreWeightsThanBlocksHoldAtOnce) {
  Backward backward(1048576 + 3);
  expect_accepted(backward);
  backward.weights.back() = nan;
  expect_refused(backward);
}

TEST_F(FinishGradientsTest, NotesASumThatIsNotFinite) {
  for (std::size_t i = 0; i < Backward().shapes.size(); ++i)
    for (const float value : refused_gradients) {
      const std::size_t size = Backward().partials[i].size();
      for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
        SCOPED_TRACE(testing::Message() << value << " at " << place << " of partial gradient " << i);
        Backward backward;
        backward.partials[i][place] = value;
        expect_refused(backward);
      }
    }
}

TEST_F(FinishGradientsTest, NotesALossThatIsNotFinite) {
  for (const std::size_t batch : {1u, 128u, 257u})
    for (const std::size_t place : {std::size_t{0}, batch / 2, batch - 1}) {
      SCOPED_TRACE(testing::Message() << place << " of " << batch);
      Backward backward(100, batch);
      for (const double value : {HUGE_VAL, -HUGE_VAL, static_cast<double>(nan)}) {
        backward.rows[place].loss = value;
        expect_refused(backward);
      }
      backward.rows[place].loss = 1e30;
      expect_accepted(backward);
    }
}

TEST_F(FinishGradientsTest, NotesThatParametersAreNotFinite) {
  Backward backward;
  backward.control.parameters_nonfinite = 1;
  expect_refused(backward);
}

TEST_F(FinishGradientsTest, KeepsTheNumberOfTheFirstStep) {
  Backward backward;
  backward.control.nonfinite_step = 17;
  EXPECT_EQ(finish(backward).control.nonfinite_step, 17u);
  backward.weights[5] = nan;
  backward.control.parameters_nonfinite = 1;
  EXPECT_EQ(finish(backward).control.nonfinite_step, 17u);
}

}  // namespace
}  // namespace nib::kernels
