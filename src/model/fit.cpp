#include "model/fit.h"

#include <fmt/format.h>

#include "base/error.h"

namespace nib {

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

void check_state_fits(const Network& network, const TrainingState& state) {
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  for (const Parameters* parameters : {&state.parameters, &state.first_moment, &state.second_moment})
    for (std::size_t i = 0; i < specs.size(); ++i)
      if (parameters->tensors.size() != specs.size() || parameters->tensors[i].shape != specs[i].shape)
        throw input_error({.field = specs[i].name, .problem = "the tensor does not fit the network"});
}

}  // namespace nib
