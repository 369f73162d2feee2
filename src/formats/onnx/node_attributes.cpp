#include "formats/onnx/node_attributes.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/text.h"
#include "formats/onnx/tensors.h"

namespace nib::onnx {

Error node_error(const OnnxNode& node, const std::string& source, std::string problem, std::string expected,
                 std::string got) {
  std::string name = node.name;
  if (name.empty() && !node.outputs.empty()) name = node.outputs.front();
  return input_error({.file = source,
                      .field = fmt::format("node {} ({})", printable(name, 100), printable(node.type, 60)),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

std::int64_t NodeAttributes::integer(std::string_view name, std::int64_t otherwise) const {
  const OnnxAttribute* const attribute = node_.find(name);
  return attribute == nullptr ? otherwise : attribute->integer;
}

float NodeAttributes::number(std::string_view name, float otherwise) const {
  const OnnxAttribute* const attribute = node_.find(name);
  return attribute == nullptr ? otherwise : attribute->number;
}

Sides NodeAttributes::sides(std::string_view name, const Sides& otherwise) const {
  const OnnxAttribute* const attribute = node_.find(name);
  if (attribute == nullptr) return otherwise;
  const std::vector<std::int64_t>& numbers = attribute->integers;
  const auto fits = [](std::int64_t side) { return side > 0 && side <= std::numeric_limits<std::int32_t>::max(); };
  if (numbers.size() != 2 || !std::ranges::all_of(numbers, fits))
    throw node_error(node_, source_, fmt::format("{} is not a height and a width", name), "two numbers",
                     shape_text(numbers));
  return {static_cast<std::uint32_t>(numbers[0]), static_cast<std::uint32_t>(numbers[1])};
}

void NodeAttributes::expect(std::string_view name, std::int64_t only) const {
  const OnnxAttribute* const attribute = node_.find(name);
  if (attribute == nullptr) return;
  std::vector<std::int64_t> numbers = attribute->integers;
  if (numbers.empty()) numbers.push_back(attribute->integer);
  if (std::ranges::any_of(numbers, [&](std::int64_t number) { return number != only; }))
    throw node_error(node_, source_, fmt::format("{}: nib has no such layer", name), std::to_string(only),
                     shape_text(numbers));
}

Padding NodeAttributes::padding(const Shape& input, const Sides& kernel, const Sides& stride) const {
  const OnnxAttribute* const automatic = node_.find("auto_pad");
  const std::string rule = automatic == nullptr ? "NOTSET" : automatic->text;
  if (rule == "VALID") return Padding::valid;
  if (rule == "SAME_UPPER") return Padding::same;
  if (rule != "NOTSET")
    throw node_error(node_, source_, "auto_pad: nib has no such padding", "VALID or SAME_UPPER", printable(rule, 60));
  const OnnxAttribute* const pads = node_.find("pads");
  if (pads == nullptr || std::ranges::all_of(pads->integers, [](std::int64_t pad) { return pad == 0; }))
    return Padding::valid;
  const auto rows = same_padding(input.height, kernel[0], stride[0]);
  const auto columns = same_padding(input.width, kernel[1], stride[1]);
  const std::vector<std::int64_t> same = {rows[0], columns[0], rows[1], columns[1]};
  if (pads->integers != same)
    throw node_error(node_, source_, "pads: nib pads nothing, or as TensorFlow's same does", shape_text(same),
                     shape_text(pads->integers));
  return Padding::same;
}

std::array<std::int64_t, 2> same_padding(std::uint32_t side, std::uint32_t window, std::uint32_t stride) {
  const std::int64_t positions = (std::int64_t{side} - 1) / stride + 1;
  const std::int64_t missing = std::max<std::int64_t>((positions - 1) * stride + window - side, 0);
  return {missing / 2, missing - missing / 2};
}

}  // namespace nib::onnx
