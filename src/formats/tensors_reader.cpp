#include "formats/tensors_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "formats/checkpoint.h"
#include "formats/metadata_keys.h"
#include "formats/number_formats.h"
#include "formats/tensor_places.h"

namespace nib {
namespace {

/// The tensors of a file without those of moments.
std::vector<FileTensor> without_moments(std::span<const FileTensor> tensors, const std::vector<std::string>& moments,
                                        const std::vector<ParameterSpec>& specs) {
  std::set<std::string> names;
  for (const std::string& moment : moments)
    for (const ParameterSpec& spec : specs) names.insert(moment_tensor_name(moment, spec.name));
  std::vector<FileTensor> rest;
  for (const FileTensor& tensor : tensors)
    if (!names.contains(tensor.name)) rest.push_back(tensor);
  return rest;
}

/// Judges the tensors that have no place: those that are not among `taken`.
void judge_extra(std::span<const FileTensor> tensors, const std::vector<const FileTensor*>& taken, bool allowed,
                 const std::string& source, std::vector<std::string>& notes) {
  std::set<std::string_view> extra;
  for (const FileTensor& tensor : tensors)
    if (std::ranges::find(taken, &tensor) == taken.end()) extra.insert(tensor.name);
  if (extra.empty()) return;
  const std::string first(*extra.begin());
  if (!allowed) throw input_error({.file = source, .field = first, .problem = "the network has no such tensor"});
  notes.push_back(fmt::format("ignored {} that the network has no place for, the first is {}",
                              counted(extra.size(), "tensor"), printable(first, 80)));
}

/// Whether the inputs of the dense layer behind Flatten, whose weight is `tensor`, are counted by row, column, channel.
bool channels_are_last(const FileTensor& tensor, const TensorLayout& layout, const TensorRules& rules,
                       const std::string& source) {
  if (rules.flatten) return rules.flatten == FlattenOrder::channels_last;
  if (is_canonical(layout)) return false;
  throw input_error({.file = source,
                     .field = tensor.name,
                     .problem = "the file does not say in which order Flatten counts its inputs",
                     .expected = std::string(metadata::flatten) + "=CHW or HWC in its metadata",
                     .got = "none",
                     .hint = setting("flatten") + " HWC takes it as of Keras, JAX or MLX with channels last, " +
                             setting("flatten") + " CHW as with channels first; nib convert records the order"});
}

std::vector<float> read_values(const FileTensor& entry, const std::string& source) {
  auto values = floats_of(entry.dtype, entry.bytes);
  if (!values)
    throw input_error({.file = source,
                       .field = entry.name,
                       .problem = "wrong dtype",
                       .expected = "F32, F16, BF16 or F64",
                       .got = entry.dtype});
  return std::move(*values);
}

void judge_nonfinite(const FileTensor& entry, const std::vector<float>& values, bool allowed, const std::string& source,
                     std::vector<std::string>& notes) {
  const auto is_nonfinite = [](float value) { return !std::isfinite(value); };
  const auto first = std::find_if(values.begin(), values.end(), is_nonfinite);
  if (first == values.end()) return;
  if (!allowed)
    throw input_error({.file = source,
                       .field = fmt::format("{}[{}]", entry.name, first - values.begin()),
                       .problem = "not a finite number",
                       .got = fmt::format("{}", *first)});
  const auto count = std::count_if(first, values.end(), is_nonfinite);
  notes.push_back(fmt::format("{} holds {} that {} not finite", printable(entry.name, 80),
                              counted(static_cast<std::size_t>(count), "number"), count == 1 ? "is" : "are"));
}

std::string order_note(const TensorLayout& layout, const FileTensor* flattened, bool last) {
  std::string note = fmt::format("laid out as in {}", layout.users);
  if (flattened != nullptr)
    note += fmt::format("; {} counts its inputs by {}", printable(flattened->name, 80),
                        last ? "row, column and channel (HWC)" : "channel, row and column (CHW)");
  return note;
}

}  // namespace

Parameters read_parameters(std::span<const FileTensor> tensors, const Network& network, const TensorRules& rules,
                           const std::string& source, std::vector<std::string>& notes) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  const std::vector<FileTensor> own = without_moments(tensors, rules.moments, specs);
  const std::span<const TensorLayout> layouts = tensor_layouts().first(rules.canonical ? 1 : tensor_layouts().size());
  const auto& [taken, layout] = find_tensors(own, network, layouts, rules.format, source);
  judge_extra(own, taken, rules.allow_extra, source, notes);

  const FlattenedInputs inputs = flattened_inputs(network);
  const auto flattened = std::ranges::find_if(
      specs, [&](const ParameterSpec& spec) { return inputs && spec.layer == inputs.layer; });  // its weight
  const FileTensor* const counting =
      flattened == specs.end() ? nullptr : taken[static_cast<std::size_t>(flattened - specs.begin())];
  const bool last = counting != nullptr && channels_are_last(*counting, *layout, rules, source);

  const LayoutMover mover(network, *layout, last ? FlattenOrder::channels_last : FlattenOrder::channels_first);
  Parameters parameters;
  std::map<std::string, std::size_t> converted;  // tensors by dtype
  std::size_t rounded = 0;                       // numbers
  for (std::size_t index = 0; index < taken.size(); ++index) {
    const FileTensor& entry = *taken[index];
    const ParameterSpec& spec = specs[index];
    std::vector<float> values = read_values(entry, source);
    judge_nonfinite(entry, values, rules.allow_nonfinite, source, notes);
    if (entry.dtype != "F32") ++converted[entry.dtype];
    rounded += count_rounded(entry.dtype, entry.bytes);
    parameters.tensors.push_back({spec.name, spec.shape, mover.to_canonical(spec, std::move(values))});
  }
  for (const auto& [dtype, count] : converted)
    notes.push_back(fmt::format("converted {} from {} to F32", counted(count, "tensor"), dtype) +
                    (dtype == "F64" && rounded > 0 ? ", rounding " + counted(rounded, "number") : ""));
  if (!is_canonical(*layout) || last) notes.push_back(order_note(*layout, counting, last));
  return parameters;
}

Parameters read_moment(std::span<const FileTensor> tensors, const Network& network, const std::string& moment,
                       const std::string& source) {
  std::vector<std::string> notes;
  Parameters values;
  for (const ParameterSpec& spec : parameter_specs(network)) {
    const std::string name = moment_tensor_name(moment, spec.name);
    const auto entry = std::ranges::find(tensors, name, &FileTensor::name);
    if (entry == tensors.end()) throw input_error({.file = source, .field = name, .problem = "tensor is missing"});
    if (entry->shape != spec.shape)
      throw input_error({.file = source,
                         .field = name,
                         .problem = "wrong shape",
                         .expected = shape_text(spec.shape),
                         .got = shape_text(entry->shape)});
    if (entry->dtype != "F32")
      throw input_error(
          {.file = source, .field = entry->name, .problem = "wrong dtype", .expected = "F32", .got = entry->dtype});
    values.tensors.push_back({spec.name, spec.shape, read_values(*entry, source)});
    judge_nonfinite(*entry, values.tensors.back().values, false, source, notes);
  }
  return values;
}

}  // namespace nib
