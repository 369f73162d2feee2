#include "formats/keras/arrays.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "formats/tensor_layouts.h"

namespace nib::keras {
namespace {

std::string shape_text(const std::vector<std::uint32_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

bool is_below(const std::string& path, const std::string& group) { return path.starts_with(group + '/'); }

bool has_group(const Hdf5Content& content, const std::string& group) {
  return std::ranges::any_of(content.arrays, [&](const Hdf5Array& array) { return is_below(array.path, group); });
}

Error wrong_layer(const std::string& source, const std::string& layer, std::string got) {
  return input_error({.file = source,
                      .field = printable(layer, 100),
                      .problem = "not the arrays of such a layer",
                      .expected = "a kernel and a bias",
                      .got = std::move(got),
                      .hint = setting("network") + " names the network that a file is for"});
}

/// The names of the network's layers that have parameters.
std::vector<std::string> layers_with_parameters(const Network& network, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const ParameterSpec& spec : parameter_specs(network))
    if (spec.shape.size() > 1) result.push_back(names[spec.layer]);
  return result;
}

/// The layers that the file lists and that have arrays, in its order.
std::vector<std::string> listed_layers(const Hdf5Content& content, const std::string& container) {
  std::vector<std::string> layers;
  if (const auto* names = content.texts(container.empty() ? "/" : container, "layer_names"))
    for (const std::string& name : *names)
      if (has_group(content, container + '/' + name)) layers.push_back(name);
  return layers;
}

void judge_extra(const Hdf5Content& content, const Place& place, bool allowed, const std::string& source,
                 std::vector<std::string>& notes) {
  const std::set<std::string> taken(place.paths.begin(), place.paths.end());
  std::vector<std::string> extra;
  for (const Hdf5Array& array : content.arrays)
    if (is_below(array.path, place.container) && !array.values.empty() && !taken.contains(array.path))
      extra.push_back(array.path);
  if (extra.empty()) return;
  if (!allowed)
    throw input_error({.file = source,
                       .field = printable(extra.front(), 100),
                       .problem = "the network has no such array",
                       .hint = setting("network") + " names the network that a file is for"});
  notes.push_back(fmt::format("ignored {} that the network has no place for, the first is {}",
                              counted(extra.size(), "array"), printable(extra.front(), 100)));
}

}  // namespace

Place place_in_weights(const Hdf5Content& content, const Network& network) {
  // Keras 2.13 to 2.15 had another name for the group.
  const std::string older = "/_layer_checkpoint_dependencies";
  Place place{.container = has_group(content, older) ? older : "/layers", .paths = {}};
  const std::vector<std::string> names = keras_layer_names(network);
  for (const ParameterSpec& spec : parameter_specs(network))
    place.paths.push_back(place.container + '/' + names[spec.layer] + "/vars/" + (spec.shape.size() > 1 ? '0' : '1'));
  return place;
}

Place place_in_legacy(const Hdf5Content& content, const Network& network, const std::vector<std::string>& layer_names,
                      const std::string& source) {
  // What save_weights() of Keras 2 writes has no group around it.
  Place place{.container = has_group(content, "/model_weights") ? "/model_weights" : "", .paths = {}};
  const std::vector<std::string> wanted =
      layers_with_parameters(network, layer_names.empty() ? keras_layer_names(network) : layer_names);
  const std::vector<std::string> layers = layer_names.empty() ? listed_layers(content, place.container) : wanted;
  if (layers.size() != wanted.size())
    throw input_error({.file = source,
                       .field = "layer_names",
                       .problem = "another number of layers with weights than the network has",
                       .expected = std::to_string(wanted.size()),
                       .got = std::to_string(layers.size()),
                       .hint = setting("network") + " names the network that a file is for"});
  for (const std::string& layer : layers) {
    const std::string group = place.container + '/' + layer;
    const Hdf5Array *kernel = nullptr, *bias = nullptr;
    std::size_t count = 0;
    for (const Hdf5Array& array : content.arrays) {
      if (!is_below(array.path, group)) continue;
      ++count;
      (array.shape.size() > 1 ? kernel : bias) = &array;
    }
    if (count != 2 || kernel == nullptr || bias == nullptr) throw wrong_layer(source, group, counted(count, "array"));
    place.paths.push_back(kernel->path);
    place.paths.push_back(bias->path);
  }
  return place;
}

const Hdf5Array& array_for(const Hdf5Content& content, const std::string& path, const ParameterSpec& spec,
                           const std::string& source) {
  const Hdf5Array* array = content.array(path);
  if (array == nullptr)
    throw input_error({.file = source,
                       .field = path,
                       .problem = "array is missing",
                       .hint = setting("network") + " names the network that a file is for"});
  if (!array->type.starts_with('F'))
    throw input_error(
        {.file = source, .field = path, .problem = "wrong type", .expected = "F32, F16 or F64", .got = array->type});
  if (array->shape != shape_in(keras_layout(), spec.shape))
    throw input_error({.file = source,
                       .field = path,
                       .problem = "wrong shape",
                       .expected = shape_text(shape_in(keras_layout(), spec.shape)),
                       .got = shape_text(array->shape),
                       .hint = setting("network") + " names the network that a file is for"});
  return *array;
}

void judge_nonfinite(const Hdf5Array& array, bool allowed, const std::string& source, std::vector<std::string>& notes) {
  const auto is_nonfinite = [](float value) { return !std::isfinite(value); };
  const auto first = std::ranges::find_if(array.values, is_nonfinite);
  if (first == array.values.end()) return;
  if (!allowed)
    throw input_error({.file = source,
                       .field = fmt::format("{}[{}]", array.path, first - array.values.begin()),
                       .problem = "not a finite number",
                       .got = fmt::format("{}", *first)});
  const auto count = std::count_if(first, array.values.end(), is_nonfinite);
  notes.push_back(fmt::format("{} holds {} that {} not finite", array.path,
                              counted(static_cast<std::size_t>(count), "number"), count == 1 ? "is" : "are"));
}

Parameters take_parameters(const Hdf5Content& content, const Network& network, const Place& place,
                           const WeightsOptions& options, const std::string& source, std::vector<std::string>& notes) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  std::vector<const Hdf5Array*> taken;
  for (std::size_t index = 0; index < specs.size(); ++index)
    taken.push_back(&array_for(content, place.paths[index], specs[index], source));
  judge_extra(content, place, options.allow_extra, source, notes);

  const LayoutMover mover(network, keras_layout(), FlattenOrder::channels_last);
  Parameters parameters;
  std::map<std::string, std::size_t> converted;  // arrays by type
  for (std::size_t index = 0; index < specs.size(); ++index) {
    judge_nonfinite(*taken[index], options.allow_nonfinite, source, notes);
    if (taken[index]->type != "F32") ++converted[taken[index]->type];
    parameters.tensors.push_back(
        {specs[index].name, specs[index].shape, mover.to_canonical(specs[index], taken[index]->values)});
  }
  for (const auto& [type, count] : converted)
    notes.push_back(fmt::format("converted {} from {} to F32", counted(count, "array"), type));
  return parameters;
}

}  // namespace nib::keras
