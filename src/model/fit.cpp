#include "model/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"

namespace nib {
namespace {

std::string tensor_text(const Tensor& tensor) {
  return fmt::format("{} {} of {} numbers", tensor.name, fmt::join(tensor.shape, "x"), tensor.values.size());
}

/// `what` stands before the names of tensors.
void check_tensors_fit(const std::vector<ParameterSpec>& specs, const Parameters& parameters, const std::string& what) {
  const std::vector<Tensor>& tensors = parameters.tensors;
  for (std::size_t i = 0; i < specs.size(); ++i)
    if (i >= tensors.size() || tensors[i].name != specs[i].name || tensors[i].shape != specs[i].shape ||
        tensors[i].values.size() != specs[i].size())
      throw input_error({.field = what + specs[i].name,
                         .problem = "the tensor does not fit the network",
                         .expected = fmt::format("{} {} of {} numbers", specs[i].name, fmt::join(specs[i].shape, "x"),
                                                 specs[i].size()),
                         .got = i < tensors.size() ? tensor_text(tensors[i]) : "none"});
  if (tensors.size() > specs.size())
    throw input_error({.field = what + tensors[specs.size()].name,
                       .problem = "the network has no such tensor",
                       .expected = fmt::format("{} tensors", specs.size()),
                       .got = fmt::format("{}", tensors.size())});
}

}  // namespace

void check_images_fit(const Network& network, const Dataset& dataset) {
  const Shape& input = network.input;
  if (dataset.rows != input.height || dataset.columns != input.width || input.channels != 1)
    throw input_error({.setting = "data",
                       .problem = "the images do not fit the network's input",
                       .expected = fmt::format("{}x{}x{}", input.height, input.width, input.channels),
                       .got = fmt::format("{}x{}x1", dataset.rows, dataset.columns),
                       .hint = "give a network for them with " + setting("network") + " FILE.json"});
  const std::uint32_t classes = class_count(network);
  for (std::size_t i = 0; i < dataset.labels.size(); ++i)
    if (dataset.labels[i] >= classes)
      throw input_error(
          {.setting = "data",
           .field = fmt::format("label {}", i),
           .problem = "the network has no such class",
           .expected = fmt::format("0 to {}", classes - 1),
           .got = std::to_string(dataset.labels[i]),
           .hint = "give a network with more units in its last layer with " + setting("network") + " FILE.json"});
}

void check_state_fits(const Network& network, const Optimizer& optimizer, const TrainingState& state) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  check_tensors_fit(specs, state.parameters, "");
  const std::vector<std::string> names = moment_names(optimizer);
  if (!std::ranges::equal(state.moments, names, {}, &Moment::name))
    throw input_error({.field = "moments",
                       .problem = "not those of the optimizer",
                       .expected = fmt::format("{}", fmt::join(names, " and ")),
                       .got = fmt::format("{} moments", state.moments.size())});
  for (const Moment& moment : state.moments) check_tensors_fit(specs, moment.values, moment.name + ".");
}

}  // namespace nib
