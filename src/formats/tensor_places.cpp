#include "formats/tensor_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "formats/named_layers.h"
#include "model/layer_names.h"

namespace nib {
namespace {

/// A network's layers with parameters, each with one of the file.
using Match = std::vector<const NamedLayer*>;

/// PyTorch counts an activation as a module of its own; the last layer's softmax is usually left out.
std::size_t modules_in_sequential(const Layer& layer) {
  const auto* convolution = std::get_if<Convolution>(&layer);
  const auto* dense = std::get_if<Dense>(&layer);
  const Activation activation = convolution ? convolution->activation : dense ? dense->activation : Activation::none;
  return activation == Activation::none ? 1 : 2;
}

/// The number of each layer's first module.
std::vector<std::string> layers_in_sequential(const Network& network) {
  std::vector<std::string> numbers;
  std::size_t modules = 0;
  for (const Layer& layer : network.layers) {
    numbers.push_back(std::to_string(modules));
    modules += modules_in_sequential(layer);
  }
  return numbers;
}

struct Search {
  std::vector<NamedLayer> found;     ///< in the file
  std::vector<ParameterSpec> specs;  ///< weight and bias in turn
  const std::string& source;

  std::size_t layer_count() const { return specs.size() / 2; }

  bool fits(const NamedLayer& layer, std::size_t place, const TensorLayout& layout) const {
    return layer.weight->shape == shape_in(layout, specs[2 * place].shape) &&
           layer.bias->shape == specs[2 * place + 1].shape;
  }
  bool fits(const Match& match, const TensorLayout& layout) const {
    for (std::size_t place = 0; place < match.size(); ++place)
      if (!fits(*match[place], place, layout)) return false;
    return true;
  }

  /// By the names that all the layers of the network have in one way of naming.
  std::optional<Match> by_names(const std::vector<std::string>& names) const {
    Match match;
    for (std::size_t place = 0; place < layer_count(); ++place) {
      const auto layer = std::ranges::find(found, names[specs[2 * place].layer], &NamedLayer::name);
      if (layer == found.end()) return std::nullopt;
      match.push_back(&*layer);
    }
    return match;
  }

  std::optional<Match> by_shapes(const TensorLayout& layout) const;
  Match in_order(Match layers) const;
};

/// Layers of one shape in the order of the numbers in their names.
Match Search::in_order(Match layers) const {
  const auto number = [](const NamedLayer* layer) { return numbered(layer->name).number; };
  std::ranges::sort(layers, {}, number);
  for (std::size_t index = 1; index < layers.size(); ++index)
    if (numbered(layers[index]->name).stem != numbered(layers[0]->name).stem ||
        number(layers[index]) == number(layers[index - 1]))
      throw input_error({.file = source,
                         .field = layers[index]->weight->name,
                         .problem = "fits more than one layer, and its name does not tell which",
                         .expected = "names with numbers, such as fc1 and fc2",
                         .got = "the same shape as " + layers[0]->weight->name});
  return layers;
}

/// Each layer of the network takes what no other can: there must be as many in the file as the network has of its
/// shape.
std::optional<Match> Search::by_shapes(const TensorLayout& layout) const {
  Match match(layer_count());
  for (std::size_t place = 0; place < match.size(); ++place) {
    if (match[place] != nullptr) continue;
    Match fitting;
    for (const NamedLayer& layer : found)
      if (fits(layer, place, layout)) fitting.push_back(&layer);
    std::vector<std::size_t> places;
    for (std::size_t other = place; other < match.size(); ++other)
      if (specs[2 * other].shape == specs[2 * place].shape) places.push_back(other);
    if (fitting.size() != places.size()) return std::nullopt;
    fitting = in_order(std::move(fitting));
    for (std::size_t index = 0; index < places.size(); ++index) match[places[index]] = fitting[index];
  }
  return match;
}

Error missing(std::span<const FileTensor> tensors, const std::vector<ParameterSpec>& specs, const std::string& source) {
  const auto absent = std::ranges::find_if(specs, [&](const ParameterSpec& spec) {
    return std::ranges::find(tensors, spec.name, &FileTensor::name) == tensors.end();
  });
  return input_error({.file = source,
                      .field = absent == specs.end() ? "" : absent->name,
                      .problem = "tensor is missing",
                      .hint = setting("network") + " names the network that a file is for"});
}

/// The first tensor that does not fit, in the layout that most do.
Error wrong_shape(const Search& search, const Match& match, std::span<const TensorLayout> layouts) {
  const auto* layout = &*std::ranges::max_element(layouts, {}, [&](const TensorLayout& candidate) {
    std::size_t count = 0;
    for (std::size_t place = 0; place < match.size(); ++place) count += search.fits(*match[place], place, candidate);
    return count;
  });
  std::size_t place = 0;
  while (search.fits(*match[place], place, *layout)) ++place;
  const ParameterSpec* spec = &search.specs[2 * place];
  const FileTensor* tensor = match[place]->weight;
  if (tensor->shape == shape_in(*layout, spec->shape)) ++spec, tensor = match[place]->bias;
  return input_error({.file = search.source,
                      .field = tensor->name,
                      .problem = "wrong shape",
                      .expected = shape_text(shape_in(*layout, spec->shape)),
                      .got = shape_text(tensor->shape),
                      .hint = setting("network") + " names the network that a file is for"});
}

struct Candidate {
  Match match;
  const TensorLayout* layout;
};

bool is_called_kernel(const FileTensor& tensor) { return tensor.name.find("kernel") != std::string::npos; }

/// Shapes may fit several layouts (a square matrix and its transpose); then the writer's name or the tensors' must
/// tell.
const Candidate& choose(const std::vector<Candidate>& candidates, const Search& search, const std::string& format) {
  const Candidate& first = candidates.front();
  const Candidate* other = nullptr;
  std::size_t unlike = 0;  // the place where the orders differ
  for (const Candidate& candidate : candidates) {
    if ((format == "pt" && is_canonical(*candidate.layout)) || (format == "mlx" && candidate.layout->users == "MLX"))
      return candidate;
    for (std::size_t place = 0; place < search.layer_count() && other == nullptr; ++place)
      if (!same_order(*first.layout, *candidate.layout, search.specs[2 * place].shape))
        other = &candidate, unlike = place;
  }
  const FileTensor& tensor = *first.match[unlike]->weight;
  if (other == nullptr || (is_canonical(*first.layout) && !is_called_kernel(tensor))) return first;
  throw input_error({.file = search.source,
                     .field = tensor.name,
                     .problem = "its numbers may stand in more than one order",
                     .expected = "a shape that tells",
                     .got = fmt::format("{}, which fits {} and {}", shape_text(tensor.shape), first.layout->users,
                                        other->layout->users),
                     .hint = "format=pt in a file's metadata says PyTorch, format=mlx MLX"});
}

}  // namespace

std::string shape_text(std::span<const std::uint32_t> shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

TensorPlaces find_tensors(std::span<const FileTensor> tensors, const Network& network,
                          std::span<const TensorLayout> layouts, const std::string& format, const std::string& source) {
  const Search search{named_layers(tensors), parameter_specs(network), source};
  std::optional<Match> named;
  for (const auto& names : {layers_in_sequential(network), keras_layer_names(network), layer_names(network)})
    if (!named) named = search.by_names(names);

  std::vector<Candidate> candidates;
  for (const TensorLayout& layout : layouts) {
    std::optional<Match> match = named ? named : search.by_shapes(layout);
    if (match && search.fits(*match, layout)) candidates.push_back({*std::move(match), &layout});
  }
  if (candidates.empty()) throw named ? wrong_shape(search, *named, layouts) : missing(tensors, search.specs, source);
  const Candidate& chosen = choose(candidates, search, format);
  TensorPlaces places{.tensors = {}, .layout = chosen.layout};
  for (const NamedLayer* layer : chosen.match)
    places.tensors.insert(places.tensors.end(), {layer->weight, layer->bias});
  return places;
}

}  // namespace nib
