#include "formats/c_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <variant>

#include "formats/c_header_functions.h"
#include "model/layer_names.h"
#include "model/live_part.h"

namespace nib {
namespace {

/// The stem of the file's name as a C identifier: "my-digits.h" is my_digits.
std::string identifier(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  for (char& letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0 || static_cast<unsigned char>(letter) > 127) letter = '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0 || name.front() == '_')
    name = "nib" + std::string(name.starts_with('_') ? "" : "_") + name;
  return name;
}

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::toupper(letter); });
  return text;
}

/// The shortest decimals that read as the same float.
std::string float_text(float value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + 'f';
}

std::string array_text(const std::string& name, const Tensor& tensor) {
  constexpr std::size_t numbers_a_line = 8;
  std::string text = fmt::format("\n// ({})\nstatic const float {}[{}] = {{", fmt::join(tensor.shape, ", "), name,
                                 tensor.values.size());
  for (std::size_t index = 0; index < tensor.values.size(); ++index) {
    text += index % numbers_a_line == 0 ? "\n  " : " ";
    text += float_text(tensor.values[index]) + ',';
  }
  return text + "\n};\n";
}

/// Where a layer's numbers are while the network computes: layers write into one half of the work space and the other
/// in turn.
struct WorkSpace {
  std::array<std::uint64_t, 2> half{};
  unsigned turn = 0;

  void note(std::uint64_t numbers) { half[turn] = std::max(half[turn], numbers); }
};

/// The call of each layer, and what is noted on the way: a visitor of layers.
class Calls {
 public:
  Calls(const Network& network, std::string prefix)
      : network_(network), shapes_(output_shapes(network)), names_(layer_names(network)), prefix_(std::move(prefix)) {
    space_.note(network.input.size());
    for (layer_ = 0; layer_ < network.layers.size(); ++layer_) std::visit(*this, network.layers[layer_]);
  }

  const std::string& text() const { return text_; }
  const WorkSpace& space() const { return space_; }
  bool convolves() const { return convolves_; }
  bool pools() const { return pools_; }
  bool averages() const { return averages_; }

  void operator()(const Convolution& layer) {
    const Shape &in = input(), &out = shapes_[layer_];
    std::uint32_t above = 0, left = 0;
    if (layer.padding == Padding::same) {
      above = padding_before(in.height, out.height, layer.kernel[0], layer.stride[0]);
      left = padding_before(in.width, out.width, layer.kernel[1], layer.stride[1]);
    }
    convolves_ = true;
    call("convolution", fmt::format("{}, {}, {}", in.height, in.width, in.channels), true,
         fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}, {}", out.height, out.width, layer.filters, layer.kernel[0],
                     layer.kernel[1], layer.stride[0], layer.stride[1], above, left,
                     layer.activation == Activation::relu ? 1 : 0));
  }
  void operator()(const MaxPool& layer) {
    pools_ = true;
    pool("max_pool", layer);
  }
  void operator()(const AveragePool& layer) {
    averages_ = true;
    pool("average_pool", layer);
  }
  void operator()(const GlobalAveragePool&) {
    const std::array<std::uint32_t, 2> whole{input().height, input().width};
    (*this)(AveragePool{.size = whole, .stride = whole});
  }
  void operator()(const Dense& layer) {
    call("dense", fmt::format("{}", input().size()), true,
         fmt::format("{}, {}", layer.units, layer.activation == Activation::relu ? 1 : 0));
  }
  void operator()(const Flatten&) {}  // the numbers stand in this order already
  void operator()(const Dropout&) {}  // only in training

 private:
  const Shape& input() const { return layer_ == 0 ? network_.input : shapes_[layer_ - 1]; }

  template <typename Pool>
  void pool(const char* function, const Pool& layer) {
    const Shape &in = input(), &out = shapes_[layer_];
    call(function, fmt::format("{}, {}, {}", in.height, in.width, in.channels), false,
         fmt::format("{}, {}, {}, {}, {}, {}", out.height, out.width, layer.size[0], layer.size[1], layer.stride[0],
                     layer.stride[1]));
  }

  void call(const std::string& function, const std::string& in, bool has_weights, const std::string& rest) {
    const bool last = layer_ + 1 == network_.layers.size();
    const std::string from = space_.turn == 0 ? "one" : "other";
    space_.turn ^= 1U;
    if (!last) space_.note(shapes_[layer_].size());
    const std::string to = last ? "probabilities" : space_.turn == 0 ? "one" : "other";
    const std::string name = prefix_ + '_' + names_[layer_];
    const std::string weights = has_weights ? fmt::format("{0}_weight, {0}_bias, ", name) : "";
    text_ += fmt::format("  {}_{}({}, {}, {}{}, {});  // {}\n", prefix_, function, from, in, weights, to, rest,
                         names_[layer_]);
  }

  const Network& network_;
  const std::vector<Shape> shapes_;
  const std::vector<std::string> names_;
  const std::string prefix_;
  WorkSpace space_;
  std::string text_;
  std::size_t layer_ = 0;
  bool convolves_ = false, pools_ = false, averages_ = false;
};

std::string with_name(std::string_view text, const std::string& name) {
  constexpr std::string_view place = "NAME";
  std::string result(text);
  for (std::size_t at = result.find(place); at != std::string::npos; at = result.find(place, at + name.size()))
    result.replace(at, place.size(), name);
  return result;
}

/// What stands above everything: how the header is used.
std::string introduction(const Network& network, const std::string& name, std::uint64_t work) {
  const Shape& in = network.input;
  return fmt::format(R"(// A trained network, written by nib. C99, without any library.
// Include it in one C file, then:
//
//   static float work[{1}_WORK];
//   float probabilities[{1}_CLASSES];
//   int best = {0}_classify(pixels, work, probabilities);
//
// pixels: {1}_PIXELS bytes, ({2}row, column) of {3} x {4}; 0 is background, 255 full ink.
#ifndef {1}_H
#define {1}_H

enum {{ {1}_PIXELS = {5}, {1}_CLASSES = {6}, {1}_WORK = {7} }};
)",
                     name, upper_case(name), in.channels == 1 ? "" : "channel, ", in.height, in.width, in.size(),
                     class_count(network), work);
}

std::string function_text(const Calls& calls, const std::string& name) {
  return fmt::format(R"(
// Fills in a probability a class and returns the likeliest class. `work` is scratch, for nobody else meanwhile.
static inline int {0}_classify(const unsigned char *pixels, float *work, float *probabilities) {{
  float *one = work, *other = work + {2};
  for (int k = 0; k < {1}_PIXELS; ++k) one[k] = (float)pixels[k] / 255;
{3}{4}  return {0}_softmax(probabilities, {1}_CLASSES);
}}

#endif
)",
                     name, upper_case(name), calls.space().half[0],
                     calls.space().half[1] == 0 ? "  (void)other;\n" : "", calls.text());
}

}  // namespace

std::vector<std::uint8_t> c_header_bytes(const WeightsFile& model, const std::string& file) {
  const std::string name = identifier(file);
  const Calls calls(model.network, name);
  std::string text = introduction(model.network, name, calls.space().half[0] + calls.space().half[1]);
  for (const Tensor& tensor : model.parameters.tensors) {
    std::string tensor_name = name + '_' + tensor.name;
    std::ranges::replace(tensor_name, '.', '_');
    text += array_text(tensor_name, tensor);
  }
  if (calls.convolves()) text += with_name(c_header::convolution, name);
  if (calls.pools()) text += with_name(c_header::max_pool, name);
  if (calls.averages()) text += with_name(c_header::average_pool, name);
  text += with_name(c_header::dense, name) + with_name(c_header::softmax, name) + function_text(calls, name);
  return {text.begin(), text.end()};
}

}  // namespace nib
