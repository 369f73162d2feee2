// Malicious, broken and merely unfit models: each is one small change of a model that reads, and has its one line.

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

#include "base/error.h"
#include "formats/onnx/made_model.h"
#include "formats/onnx/onnx_weights.h"

namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Attack {
  std::string name;
  Bytes bytes;
  std::string line;
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

std::string refusal(const Bytes& bytes, const WeightsOptions& options = {}) {
  try {
    parse_onnx_weights(bytes, "f", options);
    return "";
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_input ? error.what() : "not bad input";
  }
}

template <typename Change>
Bytes changed(Change change) {
  MadeModel model;
  change(model);
  return model.bytes();
}

Bytes with_nodes(std::vector<MadeModel::Node> nodes) {
  return changed([&](MadeModel& model) { model.nodes = std::move(nodes); });
}

Bytes with_tensor(const MadeModel::Tensor& tensor) {
  return changed([&](MadeModel& model) { model.tensors[0] = tensor; });
}

Bytes cut(std::size_t bytes) {
  Bytes all = MadeModel().bytes();
  all.resize(all.size() - bytes);
  return all;
}

const std::string zeros(32, '\0');
const MadeModel::Node flatten{"Flatten", {"x"}, "flat"}, softmax{"Softmax", {"logits"}, "y"};
const MadeModel::Node gemm{"Gemm", {"flat", "w", "b"}, "logits"};

ProtobufMessage external() {
  return ProtobufMessage().message(13, ProtobufMessage().bytes(1, "location").bytes(2, "/etc/passwd"));
}

ProtobufMessage repeated(unsigned field, std::size_t times) {
  ProtobufMessage message;
  for (std::size_t index = 0; index < times; ++index) message.bytes(field, "");
  return message;
}

ProtobufMessage nested(unsigned field, unsigned depth) {
  ProtobufMessage message;
  for (unsigned level = 0; level < depth; ++level) message = ProtobufMessage().message(field, message);
  return message;
}

const std::vector<Attack> wire_attacks = {
    {"cut_off", cut(3), "f: byte 220: a field is longer than what it stands in (expected at most 1 bytes, got 4)"},
    {"no_graph", {8, 7, 18, 1, 'x'}, "f: graph: missing in this ONNX model"},
    {"length_beyond_the_file",
     {8, 7, 58, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F},
     "f: byte 2: a field is longer than what it stands in (expected at most 0 bytes, got 4294967295)"},
    {"length_of_64_bits",
     {8, 7, 58, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01},
     "f: byte 2: a field is longer than what it stands in (expected at most 0 bytes, got 18446744073709551615)"},
    {"number_of_65_bits",
     {8, 7, 58, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02},
     "f: byte 2: not a protobuf message: a number of more than 64 bits"},
    {"endless_number", {8, 7, 58, 0x80, 0x80, 0x80}, "f: byte 2: ends within a number"},
    {"field_zero",
     {8, 7, 66, 2, 0, 0},
     "f: byte 4: not a protobuf message: no such field number (expected 1 to 536870911, got 0)"},
    {"group", {8, 7, 59}, "f: byte 2: not a protobuf message: unknown wire type (expected 0, 1, 2 or 5, got 3)"},
    {"graph_that_is_a_number", {8, 7, 56, 1, 0}, "f: byte 2: field 7 is of another wire type than it should be"},
    {"two_graphs", changed([](MadeModel& model) { model.more_of_model.bytes(7, ""); }), "f: byte 226: a second graph"},
    {"subgraphs_as_deep_as_it_gets", changed([](MadeModel& model) { model.more_of_graph.message(1, nested(5, 2000)); }),
     "f: node  (): nib has no such layer"},
    {"functions", changed([](MadeModel& model) { model.more_of_model.bytes(25, ""); }),
     "f: byte 226: functions of its own, which nib does not read"},
    {"many_nodes", changed([](MadeModel& model) { model.more_of_graph = repeated(1, 2000); }),
     "f: byte 2262: too many nodes (expected at most 1024)"},
    {"many_tensors", changed([](MadeModel& model) { model.more_of_graph = repeated(5, 2000); }),
     "f: byte 2264: too many initializers (expected at most 1024)"},
    {"many_dimensions", with_tensor({"w", {1, 1, 1, 1, 1, 1, 1, 4, 2}, zeros}),
     "f: byte 122: too many numbers (expected at most 8)"},
    {"sparse", changed([](MadeModel& model) { model.more_of_graph.bytes(15, ""); }),
     "f: byte 220: sparse initializers, which nib does not read"},
};

const std::vector<Attack> tensor_attacks = {
    {"external_data", with_tensor({"w", {4, 2}, "", 1, external()}),
     "f: byte 115: a tensor's numbers are in another file"},
    {"external_by_location", with_tensor({"w", {4, 2}, zeros, 1, ProtobufMessage().integer(14, 1)}),
     "f: byte 149: a tensor's numbers are in another file"},
    {"too_few_bytes", with_tensor({"w", {4, 2}, zeros.substr(1)}),
     "f: tensor w: its numbers do not fit its shape (expected 32 bytes, got 31)"},
    {"numbers_twice", with_tensor({"w", {4, 2}, zeros, 1, ProtobufMessage().bytes(4, zeros)}),
     "f: byte 149: a tensor's numbers stand in several fields"},
    {"whole_numbers", with_tensor({"w", {4, 2}, zeros + zeros, 7}),
     "f: tensor w: not of a type that nib reads (expected FLOAT, FLOAT16, BFLOAT16 or DOUBLE, got element type 7)"},
    {"shape_that_wraps", with_tensor({"w", {4, std::int64_t{1} << 62}, zeros}),
     "f: node logits (Gemm): its weights have no such shape (got [4,4611686018427387904])"},
    {"negative_shape", with_tensor({"w", {4, -2}, zeros}),
     "f: node logits (Gemm): its weights have no such shape (got [4,-2])"},
    {"shape_of_zero", with_tensor({"w", {4, 0}, ""}),
     "f: node logits (Gemm): its weights have no such shape (got [4,0])"},
    {"many_units", with_tensor({"w", {4, 2147483647}, zeros}),
     "f: node logits (Gemm): output is too large (expected at most 16777216 numbers, got 1x1x2147483647)"},
    {"other_inputs", with_tensor({"w", {5, 2}, zeros}),
     "f: node logits (Gemm): its weights do not fit what flows in (expected a vector, 4 inputs, got [5,2])"},
    {"not_finite", with_tensor({"w", {4, 2}, zeros.substr(4) + std::string("\0\0\x80\x7f", 4)}),
     "f: fc1.weight[7]: not a finite number (got inf)"},
    {"bias_of_another_size", changed([](MadeModel& model) { model.tensors[1].shape = {3}; }),
     "f: node logits (Gemm): not a bias of the layer (expected [2], got [3])"},
    {"image_of_no_size", changed([](MadeModel& model) {
       model.image = {1, 0, 2};
     }),
     "f: input x: not a grey image (expected [N,1,height,width] or [N,height,width,1], got [0,1,0,2])"},
    {"vast_image", changed([](MadeModel& model) {
       model.image = {1, 2147483647, 2147483647};
     }),
     "f: node flat (Flatten): height or width out of range (expected 1 to 256 each, got 2147483647x2147483647x1)"},
    {"colour_image", changed([](MadeModel& model) {
       model.image = {3, 2, 2};
     }),
     "f: input x: not a grey image (expected [N,1,height,width] or [N,height,width,1], got [0,3,2,2])"},
};

const std::vector<Attack> node_attacks = {
    {"unknown_layer", with_nodes({{"LSTM", {"x"}, "flat"}, gemm, softmax}),
     "f: node flat (LSTM): nib has no such layer"},
    {"other_domain", with_nodes({{"Flatten", {"x"}, "flat", {}, "com.example"}, gemm, softmax}),
     "f: node flat (Flatten): nib has no such layer (got an operator of com.example)"},
    {"branch", with_nodes({flatten, {"Relu", {"x"}, "other"}, gemm, softmax}),
     "f: node other (Relu): does not take what the node before it gives: the network is not sequential (expected "
     "flat)"},
    {"sum_of_two_ways", with_nodes({flatten, gemm, {"Add", {"logits", "flat"}, "sum"}, {"Softmax", {"sum"}, "y"}}),
     "f: node sum (Add): is no bias right behind a convolution or dense layer"},
    {"other_output", changed([](MadeModel& model) { model.output = "logits"; }),
     "f: graph: its output is not that of its last node"},
    {"no_inputs", with_nodes({{"Flatten", {}, "flat"}, gemm, softmax}),
     "f: node flat (Flatten): does not take what the node before it gives: the network is not sequential (expected x)"},
    {"tensor_that_is_not_there", with_nodes({flatten, {"Gemm", {"flat", "v"}, "logits"}, softmax}),
     "f: node logits (Gemm): input 2 is no tensor of the file (got v)"},
    {"flow_as_weights", with_nodes({flatten, {"Gemm", {"w", "flat"}, "logits"}, softmax}),
     "f: node logits (Gemm): what flows is not its first input (expected flat, got w)"},
    {"behind_softmax", with_nodes({flatten, gemm, {"Softmax", {"logits"}, "p"}, {"Relu", {"p"}, "y"}}),
     "f: node y (Relu): stands behind the softmax"},
    {"no_layers", with_nodes({{"Identity", {"x"}, "y"}}),
     "f: layers: number of layers out of range (expected 1 to 64, got 0)"},
    {"softmax_of_an_image", with_nodes({{"Softmax", {"x"}, "y"}}),
     "f: node y (Softmax): stands behind no dense layer without activation"},
    {"relu_of_an_image", with_nodes({{"Relu", {"x"}, "r"}, {"Flatten", {"r"}, "flat"}, gemm, softmax}),
     "f: node r (Relu): stands behind no convolution or dense layer"},
    {"mean_over_channels",
     with_nodes(
         {{"ReduceMean", {"x"}, "flat", {made_attribute("axes", std::vector<std::int64_t>{1, 2})}}, gemm, softmax}),
     "f: node flat (ReduceMean): is no mean over an image's rows and columns (expected [2,3], got [1,2])"},
    {"mean_of_a_vector",
     with_nodes({flatten, {"ReduceMean", {"flat"}, "m", {made_attribute("axes", std::vector<std::int64_t>{2, 3})}}}),
     "f: node m (ReduceMean): is no mean over an image's rows and columns (expected [2,3], got [2,3])"},
    {"relu_of_a_mean", changed([](MadeModel& model) {
       model.tensors.push_back({"k", {4, 1, 1, 1}, std::string(16, '\0')});
       model.nodes = {
           {"Conv", {"x", "k"}, "c"}, {"GlobalAveragePool", {"c"}, "m"}, {"Relu", {"m"}, "r"}, gemm, softmax};
     }),
     "f: node r (Relu): stands behind no convolution or dense layer"},
    {"scaled_product",
     with_nodes(
         {flatten, {"Gemm", {"flat", "w"}, "logits", {ProtobufMessage().bytes(1, "alpha").float32(2, 2)}}, softmax}),
     "f: node logits (Gemm): scales its products: nib has no such layer"},
    {"huge_strides",
     with_nodes({{"MaxPool",
                  {"x"},
                  "flat",
                  {made_attribute("kernel_shape", std::vector<std::int64_t>{2, 2}),
                   made_attribute("strides", std::vector<std::int64_t>{1, std::int64_t{1} << 40})}},
                 gemm,
                 softmax}),
     "f: node flat (MaxPool): strides is not a height and a width (expected two numbers, got [1,1099511627776])"},
    {"no_kernel", with_nodes({{"MaxPool", {"x"}, "flat"}, gemm, softmax}),
     "f: node flat (MaxPool): size out of range (expected 1 to 256 each, got 0x0)"},
    {"padded_pool",
     with_nodes({{"MaxPool",
                  {"x"},
                  "flat",
                  {made_attribute("kernel_shape", std::vector<std::int64_t>{2, 2}),
                   made_text_attribute("auto_pad", "SAME_UPPER")}},
                 gemm,
                 softmax}),
     "f: node flat (MaxPool): nib's pooling drops what does not fill a window, and pads nothing"},
    {"other_padding",
     with_nodes({{"MaxPool",
                  {"x"},
                  "flat",
                  {made_attribute("kernel_shape", std::vector<std::int64_t>{2, 2}),
                   made_text_attribute("auto_pad", "SAME_LOWER")}},
                 gemm,
                 softmax}),
     "f: node flat (MaxPool): auto_pad: nib has no such padding (expected VALID or SAME_UPPER, got SAME_LOWER)"},
    {"convolution_of_a_vector", with_nodes({flatten, {"Conv", {"flat", "w"}, "logits"}, softmax}),
     "f: node logits (Conv): its weights do not fit what flows in (expected an image (channel, row, column), "
     "[out,4,height,width], got [4,2])"},
    {"shape_that_changes_the_image", changed([](MadeModel& model) {
       model.tensors.push_back({"to", {3}, int64_bytes({-1, 1, 4}), 7});
       model.nodes[0] = {"Reshape", {"x", "to"}, "flat"};
     }),
     "f: node flat (Reshape): neither flattens an image nor leaves it as it is (got [-1,1,4])"},
    {"shape_of_many_numbers", changed([](MadeModel& model) {
       model.tensors.push_back({"to", {9}, int64_bytes({1, 1, 1, 1, 1, 1, 1, 1, 4}), 7});
       model.nodes[0] = {"Reshape", {"x", "to"}, "flat"};
     }),
     "f: tensor to: not a list of whole numbers (expected at most 8, got 72 bytes)"},
    {"seventy_layers", changed([](MadeModel& model) {
       model.nodes = {flatten};
       for (int index = 0; index < 70; ++index)
         model.nodes.push_back({"Dropout", {model.nodes.back().output}, "d" + std::to_string(index)});
     }),
     "f: node d63 (Dropout): too many layers (expected at most 64)"},
    {"dropout_of_all",
     with_nodes({flatten,
                 {"Dropout", {"flat"}, "d", {ProtobufMessage().bytes(1, "ratio").float32(2, 1)}},
                 {"Gemm", {"d", "w", "b"}, "logits"},
                 softmax}),
     "f: node d (Dropout): rate out of range (expected at least 0, below 1, got 1)"},
    {"dropout_of_no_number",
     with_nodes({flatten,
                 {"Dropout", {"flat"}, "d", {ProtobufMessage().bytes(1, "ratio").float32(2, NAN)}},
                 {"Gemm", {"d", "w", "b"}, "logits"},
                 softmax}),
     "f: node d (Dropout): its ratio is not a number (expected 0 to below 1, got nan)"},
};

class OnnxAttack : public testing::TestWithParam<Attack> {};

TEST_P(OnnxAttack, EndsInOneLine) { EXPECT_EQ(refusal(GetParam().bytes), GetParam().line); }

const auto name_of_attack = [](const testing::TestParamInfo<Attack>& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Wire, OnnxAttack, testing::ValuesIn(wire_attacks), name_of_attack);
INSTANTIATE_TEST_SUITE_P(Tensors, OnnxAttack, testing::ValuesIn(tensor_attacks), name_of_attack);
INSTANTIATE_TEST_SUITE_P(Nodes, OnnxAttack, testing::ValuesIn(node_attacks), name_of_attack);

TEST(OnnxAttacks, AreChangesOfAModelThatReads) {
  const WeightsFile model = parse_onnx_weights(MadeModel().bytes(), "f", {});
  EXPECT_EQ(model.network.layers.size(), 2u);
  EXPECT_TRUE(is_onnx(MadeModel().bytes()));
}

TEST(OnnxAttacks, EveryLengthEndsInOneLine) {
  const Bytes whole = MadeModel().bytes();
  for (std::size_t size = 0; size < whole.size() - 10; ++size)
    EXPECT_FALSE(refusal(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).empty()) << size;
}

TEST(OnnxAttacks, AnotherNetworkThanAskedForIsRefused) {
  EXPECT_EQ(refusal(MadeModel().bytes(), {.network = digits_network()}),
            "f: graph: is another network than network names");
}

}  // namespace
}  // namespace nib
