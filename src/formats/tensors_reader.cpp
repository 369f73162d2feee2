#include "formats/tensors_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "formats/checkpoint.h"
#include "formats/number_formats.h"
#include "formats/tensor_names.h"

namespace nib {
namespace {

using Entries = std::map<std::string_view, const TensorEntry*>;

std::string shape_text(const std::vector<std::uint32_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", with_commas(count), noun, count == 1 ? "" : "s");
}

Entries entries_of(const SafetensorsFile& file) {
  Entries entries;
  for (const TensorEntry& entry : file.header.tensors) entries.emplace(entry.name, &entry);
  return entries;
}

/// The entries of the network's tensors, in its order; those that are left in `entries` are extra.
std::vector<const TensorEntry*> take_entries(Entries& entries, const std::vector<std::string>& names,
                                             const std::vector<ParameterSpec>& specs, const std::string& source) {
  std::vector<const TensorEntry*> taken;
  for (std::size_t index = 0; index < specs.size(); ++index) {
    const auto found = entries.find(names[index]);
    if (found == entries.end())
      throw input_error({.file = source,
                         .field = names[index],
                         .problem = "tensor is missing",
                         .hint = setting("network") + " names the network that a file is for"});
    const TensorEntry& entry = *found->second;
    if (entry.shape != specs[index].shape)
      throw input_error({.file = source,
                         .field = entry.name,
                         .problem = "wrong shape",
                         .expected = shape_text(specs[index].shape),
                         .got = shape_text(entry.shape),
                         .hint = setting("network") + " names the network that a file is for"});
    taken.push_back(&entry);
    entries.erase(found);
  }
  return taken;
}

std::vector<std::string> moment_names(const std::vector<ParameterSpec>& specs, const std::string& moment) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : specs) names.push_back(moment_tensor_name(moment, spec.name));
  return names;
}

void judge_extra(const Entries& extra, bool allowed, const std::string& source, std::vector<std::string>& notes) {
  if (extra.empty()) return;
  const std::string first(extra.begin()->first);
  if (!allowed) throw input_error({.file = source, .field = first, .problem = "the network has no such tensor"});
  notes.push_back(fmt::format("ignored {} that the network has no place for, the first is {}",
                              counted(extra.size(), "tensor"), printable(first, 80)));
}

std::vector<float> read_values(const SafetensorsFile& file, const TensorEntry& entry, const std::string& source) {
  auto values = floats_of(entry.dtype, file.bytes_of(entry));
  if (!values)
    throw input_error({.file = source,
                       .field = entry.name,
                       .problem = "wrong dtype",
                       .expected = "F32, F16, BF16 or F64",
                       .got = entry.dtype});
  return std::move(*values);
}

void judge_nonfinite(const TensorEntry& entry, const std::vector<float>& values, bool allowed,
                     const std::string& source, std::vector<std::string>& notes) {
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

}  // namespace

Parameters read_parameters(const SafetensorsFile& file, const Network& network, const TensorRules& rules,
                           const std::string& source, std::vector<std::string>& notes) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  Entries entries = entries_of(file);
  const auto names = names_in_file(network, [&](std::string_view name) { return entries.contains(name); });
  const std::vector<const TensorEntry*> taken = take_entries(entries, names, specs, source);
  for (const std::string& moment : rules.moments)
    for (const std::string& name : moment_names(specs, moment)) entries.erase(name);
  judge_extra(entries, rules.allow_extra, source, notes);

  Parameters parameters;
  std::map<std::string, std::size_t> converted;  // tensors by dtype
  for (std::size_t index = 0; index < taken.size(); ++index) {
    const TensorEntry& entry = *taken[index];
    std::vector<float> values = read_values(file, entry, source);
    judge_nonfinite(entry, values, rules.allow_nonfinite, source, notes);
    if (entry.dtype != "F32") ++converted[entry.dtype];
    parameters.tensors.push_back({specs[index].name, specs[index].shape, std::move(values)});
  }
  for (const auto& [dtype, count] : converted)
    notes.push_back(fmt::format("converted {} from {} to F32", counted(count, "tensor"), dtype));
  return parameters;
}

Parameters read_moment(const SafetensorsFile& file, const Network& network, const std::string& moment,
                       const std::string& source) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  Entries entries = entries_of(file);
  const auto taken = take_entries(entries, moment_names(specs, moment), specs, source);
  std::vector<std::string> notes;
  Parameters values;
  for (std::size_t index = 0; index < taken.size(); ++index) {
    const TensorEntry& entry = *taken[index];
    if (entry.dtype != "F32")
      throw input_error(
          {.file = source, .field = entry.name, .problem = "wrong dtype", .expected = "F32", .got = entry.dtype});
    values.tensors.push_back({specs[index].name, specs[index].shape, read_values(file, entry, source)});
    judge_nonfinite(entry, values.tensors.back().values, false, source, notes);
  }
  return values;
}

}  // namespace nib
