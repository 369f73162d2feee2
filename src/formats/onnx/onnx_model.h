#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib::onnx {

/// An ONNX file as plain data (onnx.ai, "ONNX IR" and onnx.proto): what a sequential network can have of it. All bytes
/// point into the file's.

/// Element types by onnx.proto's numbers.
enum class ElementType : std::uint32_t { float32 = 1, int64 = 7, float16 = 10, float64 = 11, bfloat16 = 16 };

struct OnnxTensor {
  std::string name;
  std::vector<std::int64_t> shape;  ///< row-major
  std::uint64_t type = 0;           ///< an ElementType, or another number of onnx.proto
  std::span<const std::uint8_t> bytes{};
  bool packed_integers = false;  ///< the bytes are varints, not the numbers themselves in little-endian
};

struct OnnxAttribute {
  std::string name;
  float number = 0;
  std::int64_t integer = 0;
  std::string text{};
  std::vector<std::int64_t> integers{};
  std::optional<OnnxTensor> tensor{};
};

struct OnnxNode {
  std::string name, type, domain;
  std::vector<std::string> inputs{}, outputs{};
  std::vector<OnnxAttribute> attributes{};

  const OnnxAttribute* find(std::string_view attribute) const;
};

/// What goes into the graph or comes out of it: a tensor, whose free dimensions (such as the batch) have no number.
struct OnnxValue {
  std::string name;
  std::uint64_t type = 0;
  std::vector<std::optional<std::int64_t>> shape{};
};

struct OnnxModel {
  std::int64_t opset = 0;  ///< version of the standard operators
  std::vector<OnnxNode> nodes{};
  std::vector<OnnxTensor> initializers{};
  std::vector<OnnxValue> inputs{}, outputs{};
  std::map<std::string, std::string> metadata{};
};

/// Reads a file and checks what it says by itself: limits on all counts, no external data, no functions of its own.
/// Throws Error (bad input) naming `source` and the byte, tensor or node.
OnnxModel parse_model(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib::onnx
