#include "formats/named_layers.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace nib {
namespace {

constexpr std::string_view separators = "./";

struct SplitName {
  std::string layer;
  bool is_bias = false;
};

/// numpy.savez(path, *arrays) calls its arrays arr_0, arr_1 ...: of Keras's get_weights(), kernel and bias in turn.
std::optional<SplitName> split_counted(std::string_view name) {
  constexpr std::string_view prefix = "arr_";
  if (!name.starts_with(prefix)) return std::nullopt;
  const auto number = parse_unsigned(name.substr(prefix.size()));
  if (!number) return std::nullopt;
  return SplitName{"arr_" + std::to_string(*number / 2), *number % 2 == 1};
}

std::optional<SplitName> split(std::string_view name) {
  if (auto counted = split_counted(name)) return counted;
  if (name.ends_with(":0")) name.remove_suffix(2);  // TensorFlow's number of an operation's output
  const std::size_t end = name.find_last_of(separators);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view word = name.substr(end + 1);
  constexpr std::array<std::string_view, 3> weights = {"weight", "kernel", "w"};
  constexpr std::array<std::string_view, 2> biases = {"bias", "b"};
  const bool is_bias = std::ranges::find(biases, word) != biases.end();
  if (!is_bias && std::ranges::find(weights, word) == weights.end()) return std::nullopt;
  return SplitName{std::string(name.substr(0, end)), is_bias};
}

/// The first part of a name of several, with its separator; empty for a name of one.
std::string_view first_part(std::string_view name) {
  const std::size_t end = name.find_first_of(separators);
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end + 1);
}

void remove_common_parts(std::vector<NamedLayer>& layers) {
  if (layers.empty()) return;
  while (true) {
    const std::string part(first_part(layers.front().name));
    if (part.empty() ||
        !std::ranges::all_of(layers, [&](const NamedLayer& layer) { return first_part(layer.name) == part; }))
      return;
    for (NamedLayer& layer : layers) layer.name.erase(0, part.size());
  }
}

}  // namespace

std::vector<NamedLayer> named_layers(std::span<const FileTensor> tensors) {
  std::map<std::string, NamedLayer> by_name;
  for (const FileTensor& tensor : tensors) {
    const auto name = split(tensor.name);
    if (!name) continue;
    NamedLayer& layer = by_name[name->layer];
    layer.name = name->layer;
    const FileTensor*& place = name->is_bias ? layer.bias : layer.weight;
    if (place == nullptr) place = &tensor;
  }
  std::vector<NamedLayer> layers;
  for (auto& [name, layer] : by_name)
    if (layer.weight != nullptr && layer.bias != nullptr) layers.push_back(std::move(layer));
  remove_common_parts(layers);
  return layers;
}

NumberedName numbered(const std::string& name) {
  std::size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') --digits;
  const auto number = parse_unsigned(std::string_view(name).substr(digits));
  if (number) return {name.substr(0, digits), *number};
  return {name + '_', 0};
}

}  // namespace nib
