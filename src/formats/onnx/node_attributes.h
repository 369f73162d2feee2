#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "formats/onnx/onnx_model.h"
#include "nib/network.h"

namespace nib::onnx {

using Sides = std::array<std::uint32_t, 2>;  ///< height, width

/// The error (bad input) that names a node: "model.onnx: node conv1 (Conv): PROBLEM".
Error node_error(const OnnxNode& node, const std::string& source, std::string problem, std::string expected = {},
                 std::string got = {});

/// What a node says of its layer. Throws Error, see node_error(), for what nib's layers cannot do.
class NodeAttributes {
 public:
  NodeAttributes(const OnnxNode& node, const std::string& source) : node_(node), source_(source) {}

  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  float number(std::string_view name, float otherwise) const;
  /// Two numbers from 1 on.
  Sides sides(std::string_view name, const Sides& otherwise) const;
  /// Refuses other values than this one, which is the standard's default; a list has it everywhere.
  void expect(std::string_view name, std::int64_t only) const;
  /// By auto_pad and pads: none, or as TensorFlow pads.
  Padding padding(const Shape& input, const Sides& kernel, const Sides& stride) const;

 private:
  const OnnxNode& node_;
  const std::string& source_;
};

/// Pixels of padding above or left of an image's side, and behind it, where a window is put at every stride.
std::array<std::int64_t, 2> same_padding(std::uint32_t side, std::uint32_t window, std::uint32_t stride);

}  // namespace nib::onnx
