#include "images/several/learn_whole.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "data/catalogue.h"
#include "encodings/base64.h"
#include "images/several/costs.h"
#include "images/several/known_lines.h"
#include "images/several/view.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "tests/places.h"

namespace nib {
namespace {

constexpr std::uint64_t lessons_seed = 100;
constexpr float often_touching = 0.35F;

Network whole_network() {
  return {{static_cast<std::uint32_t>(view_rows), static_cast<std::uint32_t>(view_columns), 1},
          {Convolution{.filters = 8, .kernel = {5, 5}, .activation = Activation::relu}, MaxPool{},
           Convolution{.filters = 16, .kernel = {3, 3}, .activation = Activation::relu}, MaxPool{}, Flatten{},
           Dense{24, Activation::relu}, Dense{2, Activation::softmax}}};
}

/// What is worth reading of every page: 1 for whole digits; what is nearly one is left out.
void add_lessons(const KnownPage& page, Dataset& lessons) {
  constexpr double most_alike = 0.6;
  for (const KnownLine& line : page.lines) {
    if (!line.can_be_right) continue;
    for (std::size_t i = 0; i < line.right.size(); ++i) {
      const Candidate& candidate = line.ways.candidates[i];
      const bool nearly = !line.right[i] && line.likeness[i] > most_alike;
      if (nearly || !Costs(line.line.height).worth_reading(candidate)) continue;
      const std::vector<std::uint8_t> view = view_of(candidate.digit.piece, page.page, line.line.height);
      lessons.pixels.insert(lessons.pixels.end(), view.begin(), view.end());
      lessons.labels.push_back(line.right[i] ? 1 : 0);
    }
  }
}

Dataset lessons_of(std::size_t pages) {
  const Dataset digits = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::both).training;
  Dataset lessons{view_rows, view_columns, {"no whole digit", "a whole digit"}, {}, {}};
  for (std::size_t index = 0; index < pages; ++index) {
    const pages::Layout layout = index % 10 == 0   ? pages::Layout::grid
                                 : index % 10 == 1 ? pages::Layout::cells
                                                   : pages::Layout::line;
    const float touching = layout == pages::Layout::line && index % 6 > 1 ? often_touching : 0;
    add_lessons(known_page(pages::written(digits, 0, digits.size(), layout, index, lessons_seed, touching), {}),
                lessons);
  }
  fmt::print(stderr, "{} lessons, {} of whole digits\n", lessons.size(), std::ranges::count(lessons.labels, 1));
  return lessons;
}

Parameters learnt(Dataset lessons, std::uint32_t epochs) {
  constexpr std::uint32_t batch = 128;
  const auto count = static_cast<std::uint32_t>(lessons.size());
  std::string note;
  const Network network = whole_network();
  const std::unique_ptr<Engine> engine =
      make_engine("cpu", {.network = network, .batch = batch, .cpu = {.threads = 2}}, note);
  engine->set_state(first_state(network, initial_parameters(network, 0)));
  const ImageSet images = engine->upload(std::make_shared<const Dataset>(std::move(lessons)));
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    const double rate = 0.002 * (1 - 0.95 * epoch / epochs);
    const TrainResult result = engine->train(images, shuffled_order(0, epoch + 1, count),
                                             std::vector<double>(steps_an_epoch(count, batch), rate), {});
    fmt::print(stderr, "epoch {}: {} lessons, loss {:.5f}, {:.3f} % right\n", epoch + 1, result.rows,
               result.loss_sum / static_cast<double>(result.rows),
               100 * static_cast<double>(result.correct) / static_cast<double>(result.rows));
  }
  return engine->state().parameters;
}

/// In steps of the largest one's 127th.
float add_in_steps(const std::vector<float>& numbers, std::vector<std::uint8_t>& bytes) {
  float largest = 1e-6F;
  for (const float number : numbers) largest = std::max(largest, std::abs(number));
  const float scale = largest / 127;
  for (const float number : numbers) bytes.push_back(static_cast<std::uint8_t>(std::lround(number / scale)));
  return scale;
}

/// (input, output), the inputs in the order (row, column, channel).
std::vector<float> by_inputs(const Tensor& tensor, std::size_t channels) {
  const std::size_t outputs = tensor.shape[0], inputs = tensor.values.size() / outputs, places = inputs / channels;
  std::vector<float> values(tensor.values.size());
  for (std::size_t output = 0; output < outputs; ++output)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t place = 0; place < places; ++place)
        values[(place * channels + channel) * outputs + output] =
            tensor.values[output * inputs + channel * places + place];
  return values;
}

}  // namespace

std::string learnt_weights(std::size_t pages, std::uint32_t epochs) {
  const Parameters parameters = learnt(lessons_of(pages), epochs);
  constexpr std::array<std::size_t, 4> channels = {1, 8, 16, 1};  // of each layer's inputs
  std::vector<std::uint8_t> bytes;
  std::string scales;
  for (std::size_t layer = 0; layer < channels.size(); ++layer) {
    const float weight = add_in_steps(by_inputs(parameters.tensors[2 * layer], channels[layer]), bytes),
                bias = add_in_steps(parameters.tensors[2 * layer + 1].values, bytes);
    scales += fmt::format("{}{{{}F, {}F}}", layer ? ", " : "", weight, bias);
  }
  std::string text = fmt::format(
      "#pragma once\n\n#include <array>\n#include <string_view>\n\nnamespace nib {{\n\n"
      "/// Of whole_digit.h, written by build/tests/several_fit whole: what a weight and a bias of each layer are "
      "counted in.\nstruct WholeDigitScale {{\n  float weight, bias;\n}};\n"
      "inline constexpr std::array<WholeDigitScale, {}> whole_digit_scales = {{{{{}}}}};\n\n"
      "/// Each layer's weights, (input, output), inputs in the order (row, column, channel), and its biases; a signed "
      "byte\n/// each, in base64.\ninline constexpr std::string_view whole_digit_weights =\n",
      channels.size(), scales);
  const std::string base64 = to_base64(bytes);
  constexpr std::size_t a_line = 112;
  for (std::size_t i = 0; i < base64.size(); i += a_line)
    text += fmt::format("    \"{}\"{}\n", base64.substr(i, a_line), i + a_line < base64.size() ? "" : ";");
  return text + "\n}  // namespace nib\n";
}

}  // namespace nib
