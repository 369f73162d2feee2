#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <variant>

#include "base/text.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {
namespace {

std::string product(std::initializer_list<std::uint32_t> numbers) {
  std::string text;
  for (const std::uint32_t number : numbers) text += (text.empty() ? "" : " × ") + with_commas(number);
  return text;
}

std::string activation_in_words(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return ", ReLU";
    case Activation::softmax:
      return ", softmax";
    case Activation::none:
      break;
  }
  return {};
}

struct LayerWords {
  std::string operator()(const Convolution& layer) const {
    std::string text = fmt::format("Convolution, {} filters {}", with_commas(layer.filters),
                                   product({layer.kernel[0], layer.kernel[1]}));
    if (layer.stride != std::array<std::uint32_t, 2>{1, 1})
      text += ", stride " + product({layer.stride[0], layer.stride[1]});
    if (layer.padding == Padding::same) text += ", padded";
    return text + activation_in_words(layer.activation);
  }
  std::string operator()(const MaxPool& layer) const { return pool("Max-pool ", layer); }
  std::string operator()(const AveragePool& layer) const { return pool("Average pool ", layer); }
  std::string operator()(const GlobalAveragePool&) const { return "Global average pool"; }
  std::string operator()(const Flatten&) const { return "Flatten"; }
  std::string operator()(const Dense& layer) const {
    return fmt::format("Dense, {} units", with_commas(layer.units)) + activation_in_words(layer.activation);
  }
  std::string operator()(const Dropout& layer) const { return fmt::format("Dropout, rate {:g}", layer.rate); }

 private:
  template <typename Pool>
  static std::string pool(const char* kind, const Pool& layer) {
    const std::string text = kind + product({layer.size[0], layer.size[1]});
    return layer.stride == layer.size ? text : text + ", stride " + product({layer.stride[0], layer.stride[1]});
  }
};

std::string shape_in_words(const Shape& shape) {
  return shape.flat ? with_commas(shape.channels) : product({shape.height, shape.width, shape.channels});
}

Html layer_table(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  std::vector<std::uint64_t> parameters(network.layers.size());
  for (const ParameterSpec& spec : parameter_specs(network)) parameters[spec.layer] += spec.size();
  HtmlTable table("Shapes are height × width × channels", {{"Layer"}, {"Output", true}, {"Parameters", true}});
  table.add_row({html_text("Input"), html_text(shape_in_words(network.input)), Html()});
  for (std::size_t i = 0; i < network.layers.size(); ++i)
    table.add_row({html_text(std::visit(LayerWords(), network.layers[i])), html_text(shape_in_words(shapes[i])),
                   html_text(parameters[i] > 0 ? with_commas(parameters[i]) : "")});
  table.add_row({html_text("All"), Html(), html_text(with_commas(parameter_count(network)))}, "total");
  return table.html();
}

}  // namespace

Html samples_part(const ReportContent& content) {
  NamedTexts facts;
  const DataRecord& data = content.record.data;
  for (const auto& [part, images] : data.images)
    facts.emplace_back(title_of_key(part) + " images", with_commas(images));
  if (!data.class_names.empty())
    facts.emplace_back("Classes", with_commas(data.class_names.size()) + ": " + join_words(data.class_names));
  return side_by_side({figure_named(content, "samples"), fact_list(facts)}) + figure_named(content, "augmentation");
}

Html network_part(const ReportContent& content) {
  Html part;
  if (content.network) part += layer_table(*content.network);
  if (const Json& network = content.record.configuration["network"]; !network.is_null())
    part += folded("The network as JSON, as in a network file",
                   html_element("pre", {{"class", "wrapped"}}, html_text(described(network))));
  return part;
}

}  // namespace nib
