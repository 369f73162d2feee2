#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "encodings/protobuf.h"

namespace nib {

/// An ONNX model put together node by node: by default a dense layer with softmax on images of 2x2, that nib reads.
struct MadeModel {
  struct Node {
    std::string type;
    std::vector<std::string> inputs;
    std::string output;
    std::vector<ProtobufMessage> attributes{};
    std::string domain{};
  };
  struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::string raw;         ///< the bytes of its numbers
    std::uint64_t type = 1;  ///< FLOAT
    ProtobufMessage more{};  ///< further fields
  };

  std::vector<std::int64_t> image = {1, 2, 2};  ///< behind the batch
  std::vector<Node> nodes = {
      {"Flatten", {"x"}, "flat"}, {"Gemm", {"flat", "w", "b"}, "logits"}, {"Softmax", {"logits"}, "y"}};
  std::vector<Tensor> tensors = {{"w", {4, 2}, std::string(32, '\0')}, {"b", {2}, std::string(8, '\0')}};
  std::string output = "y";
  ProtobufMessage more_of_graph{}, more_of_model{};  ///< further fields

  std::vector<std::uint8_t> bytes() const;
};

// Attributes of a node.
ProtobufMessage made_attribute(const std::string& name, std::int64_t value);
ProtobufMessage made_attribute(const std::string& name, const std::vector<std::int64_t>& values);
ProtobufMessage made_text_attribute(const std::string& name, const std::string& value);

/// The bytes of whole numbers as an INT64 tensor has them.
std::string int64_bytes(const std::vector<std::int64_t>& numbers);

}  // namespace nib
