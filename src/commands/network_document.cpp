#include "commands/network_document.h"

#include <string>
#include <vector>

#include "machine/machine.h"
#include "model/network_json.h"

namespace nib {
namespace {

/// Without the batch's dimension: behind Flatten one number.
Json shape_json(const Shape& shape) {
  if (shape.flat) return Json::array({shape.channels});
  return Json::array({shape.height, shape.width, shape.channels});
}

Json layers_json(const Network& network, const Json& described) {
  const std::vector<std::string> names = keras_layer_names(network);
  const std::vector<Shape> shapes = output_shapes(network);
  std::vector<std::uint64_t> parameters(network.layers.size());
  for (const ParameterSpec& spec : parameter_specs(network)) parameters[spec.layer] += spec.size();
  Json layers = Json::array();
  for (std::size_t layer = 0; layer < names.size(); ++layer)
    layers.push_back({{"name", names[layer]},
                      {"type", described["layers"].items()[layer]["type"]},
                      {"output_shape", shape_json(shapes[layer])},
                      {"parameters", parameters[layer]}});
  return layers;
}

}  // namespace

Json network_document(const Network& network) {
  const Json described = network_to_json(network);
  const std::uint64_t parameters = parameter_count(network);
  return {{"program", program_json()},
          {"network", described},
          {"layers", layers_json(network, described)},
          {"parameters", parameters},
          {"parameter_bytes", parameters * sizeof(float)}};
}

}  // namespace nib
