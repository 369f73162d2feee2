#include "formats/onnx/onnx_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/protobuf_reader.h"

namespace nib::onnx {
namespace {

// A sequential network of 64 layers has a fraction of these. They bound what a small file can make large.
constexpr std::size_t most_nodes = 1024, most_tensors = 1024, most_values = 1024, most_properties = 256;
constexpr std::size_t most_attributes = 32, most_names = 32;    // of a node
constexpr std::size_t most_dimensions = 8, most_integers = 16;  // of a tensor, of an attribute

/// Adds what `parse` makes of the field's message.
template <typename Item, typename Parse>
void append(const ProtobufReader& reader, const ProtobufField& field, std::size_t most, const char* what,
            std::vector<Item>& items, Parse parse) {
  if (items.size() == most) throw reader.error(fmt::format("too many {}", what), fmt::format("at most {}", most));
  items.push_back(parse(reader, field));
}

std::string text_of(const ProtobufReader& reader, const ProtobufField& field) { return reader.text(field); }

Error external_data(const ProtobufReader& reader) {
  Problem problem = reader.error("a tensor's numbers are in another file").problem();
  problem.hint = "save the model in one file: onnx.save(onnx.load(OLD), NEW) in Python";
  return input_error(std::move(problem));
}

OnnxTensor parse_tensor(const ProtobufReader& parent, const ProtobufField& message) {
  ProtobufReader reader = parent.message(message);
  OnnxTensor tensor;
  while (const auto field = reader.next()) switch (field->number) {
      case 1:
        reader.append_integers(*field, most_dimensions, tensor.shape);
        break;
      case 2:
        tensor.type = reader.integer(*field);
        break;
      case 8:
        tensor.name = reader.text(*field);
        break;
      case 7:  // int64_data
        tensor.packed_integers = true;
        [[fallthrough]];
      case 4:   // float_data
      case 9:   // raw_data
      case 10:  // double_data
        if (!tensor.bytes.empty()) throw reader.error("a tensor's numbers stand in several fields");
        tensor.bytes = reader.bytes(*field);
        break;
      case 13:  // external_data
        throw external_data(reader);
      case 14:  // data_location
        if (reader.integer(*field) != 0) throw external_data(reader);
        break;
      default:
        break;
    }
  return tensor;
}

OnnxAttribute parse_attribute(const ProtobufReader& parent, const ProtobufField& message) {
  ProtobufReader reader = parent.message(message);
  OnnxAttribute attribute;
  while (const auto field = reader.next()) switch (field->number) {
      case 1:
        attribute.name = reader.text(*field);
        break;
      case 2:
        attribute.number = reader.float32(*field);
        break;
      case 3:
        attribute.integer = static_cast<std::int64_t>(reader.integer(*field));
        break;
      case 4:
        attribute.text = reader.text(*field);
        break;
      case 5:
        attribute.tensor = parse_tensor(reader, *field);
        break;
      case 8:
        reader.append_integers(*field, most_integers, attribute.integers);
        break;
      default:
        break;
    }
  return attribute;
}

OnnxNode parse_node(const ProtobufReader& parent, const ProtobufField& message) {
  ProtobufReader reader = parent.message(message);
  OnnxNode node;
  while (const auto field = reader.next()) switch (field->number) {
      case 1:
        append(reader, *field, most_names, "inputs of a node", node.inputs, text_of);
        break;
      case 2:
        append(reader, *field, most_names, "outputs of a node", node.outputs, text_of);
        break;
      case 3:
        node.name = reader.text(*field);
        break;
      case 4:
        node.type = reader.text(*field);
        break;
      case 5:
        append(reader, *field, most_attributes, "attributes of a node", node.attributes, parse_attribute);
        break;
      case 7:
        node.domain = reader.text(*field);
        break;
      default:
        break;
    }
  return node;
}

/// The field of the innermost message on the way through `path`: the last of several, as protobuf has it.
template <std::size_t depth>
std::optional<std::pair<ProtobufReader, ProtobufField>> find(ProtobufReader reader, const unsigned (&path)[depth]) {
  std::optional<std::pair<ProtobufReader, ProtobufField>> found;
  for (const unsigned number : path) {
    if (found) reader = found->first.message(found->second);
    found.reset();
    while (const auto field = reader.next())
      if (field->number == number) found = {reader, *field};
    if (!found) return std::nullopt;
  }
  return found;
}

std::optional<std::int64_t> parse_dimension(const ProtobufReader& parent, const ProtobufField& message) {
  ProtobufReader reader = parent.message(message);
  std::optional<std::int64_t> size;
  while (const auto field = reader.next())
    if (field->number == 1) size = static_cast<std::int64_t>(reader.integer(*field));
  return size;
}

OnnxValue parse_value(const ProtobufReader& parent, const ProtobufField& message) {
  const ProtobufReader reader = parent.message(message);
  OnnxValue value;
  if (const auto name = find(reader, {1})) value.name = name->first.text(name->second);
  if (const auto type = find(reader, {2, 1, 1})) value.type = type->first.integer(type->second);
  const auto shape = find(reader, {2, 1, 2});
  if (!shape) return value;
  ProtobufReader dimensions = shape->first.message(shape->second);
  while (const auto field = dimensions.next())
    if (field->number == 1) append(dimensions, *field, most_dimensions, "dimensions", value.shape, parse_dimension);
  return value;
}

void parse_graph(const ProtobufReader& parent, const ProtobufField& message, OnnxModel& model) {
  ProtobufReader reader = parent.message(message);
  while (const auto field = reader.next()) switch (field->number) {
      case 1:
        append(reader, *field, most_nodes, "nodes", model.nodes, parse_node);
        break;
      case 5:
        append(reader, *field, most_tensors, "initializers", model.initializers, parse_tensor);
        break;
      case 11:
        append(reader, *field, most_values, "inputs", model.inputs, parse_value);
        break;
      case 12:
        append(reader, *field, most_values, "outputs", model.outputs, parse_value);
        break;
      case 15:
        throw reader.error("sparse initializers, which nib does not read");
      default:
        break;
    }
}

void parse_opset(const ProtobufReader& reader, const ProtobufField& field, OnnxModel& model) {
  const ProtobufReader opset = reader.message(field);
  const auto domain = find(opset, {1});
  const std::string name = domain ? domain->first.text(domain->second) : "";
  if (!name.empty() && name != "ai.onnx") return;  // a node of another domain is refused
  if (const auto version = find(opset, {2}))
    model.opset = static_cast<std::int64_t>(version->first.integer(version->second));
}

void parse_property(const ProtobufReader& reader, const ProtobufField& field, OnnxModel& model) {
  if (model.metadata.size() == most_properties) throw reader.error("too many metadata");
  const ProtobufReader property = reader.message(field);
  const auto key = find(property, {1}), value = find(property, {2});
  if (key) model.metadata[key->first.text(key->second)] = value ? value->first.text(value->second) : "";
}

}  // namespace

const OnnxAttribute* OnnxNode::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &OnnxAttribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

OnnxModel parse_model(std::span<const std::uint8_t> bytes, const std::string& source) {
  OnnxModel model;
  ProtobufReader reader(bytes, source);
  bool has_graph = false;
  while (const auto field = reader.next()) switch (field->number) {
      case 7:
        if (std::exchange(has_graph, true)) throw reader.error("a second graph");
        parse_graph(reader, *field, model);
        break;
      case 8:
        parse_opset(reader, *field, model);
        break;
      case 14:
        parse_property(reader, *field, model);
        break;
      case 25:
        throw reader.error("functions of its own, which nib does not read");
      default:
        break;
    }
  if (!has_graph) throw input_error({.file = source, .field = "graph", .problem = "missing in this ONNX model"});
  return model;
}

}  // namespace nib::onnx
