#include "model/layer_names.h"

#include <fmt/core.h>

#include <array>
#include <variant>

namespace nib {
namespace {

struct KindNames {
  const char* ours;
  const char* keras;
};

/// In the order of Layer's alternatives.
constexpr std::array<KindNames, 7> kind_names{{{"conv", "conv2d"},
                                               {"pool", "max_pooling2d"},
                                               {"flatten", "flatten"},
                                               {"fc", "dense"},
                                               {"dropout", "dropout"},
                                               {"average_pool", "average_pooling2d"},
                                               {"global_average_pool", "global_average_pooling2d"}}};
static_assert(std::variant_size_v<Layer> == kind_names.size());

}  // namespace

std::vector<std::string> layer_names(const Network& network) {
  std::array<unsigned, kind_names.size()> count{};
  std::vector<std::string> names;
  for (const Layer& layer : network.layers) {
    const char* name = kind_names[layer.index()].ours;
    const unsigned number = ++count[layer.index()];
    // There is never a second one of these in a valid network, so the first one needs no number.
    const bool alone = std::holds_alternative<Flatten>(layer) || std::holds_alternative<GlobalAveragePool>(layer);
    const bool numbered = !alone || number > 1;
    names.push_back(numbered ? fmt::format("{}{}", name, number) : name);
  }
  return names;
}

std::vector<std::string> keras_layer_names(const Network& network) {
  std::array<unsigned, kind_names.size()> count{};
  std::vector<std::string> names;
  for (const Layer& layer : network.layers) {
    const char* name = kind_names[layer.index()].keras;
    const unsigned number = count[layer.index()]++;
    names.push_back(number ? fmt::format("{}_{}", name, number) : name);
  }
  return names;
}

std::string layer_label(const Network& network, std::size_t layer) {
  return fmt::format("layer {} ({})", layer + 1, layer_names(network)[layer]);
}

}  // namespace nib
