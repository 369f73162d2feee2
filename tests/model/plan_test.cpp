#include "model/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nib {
namespace {

using testing::ElementsAre;

constexpr Dense ten_classes{10, Activation::softmax};

bool every_pool(const MaxPool&) { return true; }
bool no_pool(const MaxPool&) { return false; }

const BlockPlan& block(const NetworkPlan& plan, std::size_t index) {
  return std::visit([](const BlockPlan& each) -> const BlockPlan& { return each; }, plan.blocks.at(index));
}

template <typename Plan>
const Plan& get(const NetworkPlan& plan, std::size_t index) {
  return std::get<Plan>(plan.blocks.at(index));
}

std::vector<std::string> names(const NetworkPlan& plan) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < plan.blocks.size(); ++i) all.push_back(block(plan, i).name);
  return all;
}

TEST(NetworkPlan, OfTheDigitsNetwork) {
  const NetworkPlan plan = make_plan(digits_network(), every_pool);
  EXPECT_THAT(names(plan), ElementsAre("conv1+relu+pool", "conv2+relu+pool", "fc1+relu", "fc2"));
  // Pooling drops the last row and column of an 11x11 image, so what they are made from is not needed either.
  EXPECT_EQ(plan.image, (Shape{26, 26, 1}));
  const auto& first = get<ConvolutionPlan>(plan, 0);
  EXPECT_EQ(first.input, plan.image);
  EXPECT_EQ(first.convolved, (Size{24, 24}));
  EXPECT_EQ(first.output, (Shape{12, 12, 32}));
  EXPECT_EQ(first.covered(), (Size{26, 26}));
  EXPECT_EQ(first.padding, (Size{0, 0}));
  EXPECT_FALSE(first.input_gradient) << "nothing before it learns";
  const auto& second = get<ConvolutionPlan>(plan, 1);
  EXPECT_EQ(second.convolved, (Size{10, 10}));
  EXPECT_EQ(second.output, (Shape{5, 5, 64}));
  EXPECT_TRUE(second.input_gradient);
  EXPECT_EQ(get<DensePlan>(plan, 2).input, (Shape{5, 5, 64, true})) << "Flatten leaves the image as it lies";
  EXPECT_EQ(get<DensePlan>(plan, 2).output, (Shape{1, 1, 128, true}));
  EXPECT_EQ(get<DensePlan>(plan, 3).output, (Shape{1, 1, 10, true}));
}

TEST(NetworkPlan, NumbersTensorsAsTheParametersAre) {
  const Network network = digits_network();
  const NetworkPlan plan = make_plan(network, every_pool);
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  EXPECT_EQ(specs.at(get<ConvolutionPlan>(plan, 0).weights).name, "conv1.weight");
  EXPECT_EQ(specs.at(get<ConvolutionPlan>(plan, 1).weights).name, "conv2.weight");
  EXPECT_EQ(specs.at(get<DensePlan>(plan, 2).weights).name, "fc1.weight");
  EXPECT_EQ(specs.at(get<DensePlan>(plan, 3).weights + 1).name, "fc2.bias");
}

TEST(NetworkPlan, LeavesAPoolThatTheEngineCannotTakeAlongByItself) {
  const NetworkPlan plan = make_plan(digits_network(), no_pool);
  EXPECT_THAT(names(plan), ElementsAre("conv1+relu", "pool1", "conv2+relu", "pool2", "fc1+relu", "fc2"));
  EXPECT_FALSE(get<ConvolutionPlan>(plan, 0).pool);
  EXPECT_EQ(block(plan, 0).output, (Shape{24, 24, 32}));
  EXPECT_EQ(block(plan, 1).input, (Shape{24, 24, 32}));
  EXPECT_EQ(block(plan, 1).output, (Shape{12, 12, 32}));
  EXPECT_TRUE(block(plan, 1).input_gradient);
}

TEST(NetworkPlan, AsksOfEveryPoolBehindAConvolution) {
  const Network network{{16, 14, 1},
                        {Convolution{.filters = 5}, MaxPool{{2, 2}, {1, 1}}, Convolution{.filters = 4}, MaxPool{},
                         MaxPool{}, Flatten{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, [](const MaxPool& pool) { return pool == MaxPool{}; });
  EXPECT_THAT(names(plan), ElementsAre("conv1", "pool1", "conv2+pool", "pool3", "fc1"));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 2).pool, MaxPool{});
}

TEST(NetworkPlan, PadsAsTensorFlowDoes) {
  const Network network{
      {12, 10, 1},
      {Convolution{.filters = 6, .padding = Padding::same},
       Convolution{.filters = 5, .kernel = {4, 2}, .padding = Padding::same}, MaxPool{},
       Convolution{.filters = 4, .stride = {2, 2}, .padding = Padding::same}, Flatten{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_EQ(get<ConvolutionPlan>(plan, 0).padding, (Size{1, 1}));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 0).covered(), (Size{14, 12}));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 1).padding, (Size{1, 0})) << "the odd zero comes at the end";
  EXPECT_EQ(get<ConvolutionPlan>(plan, 1).covered(), (Size{15, 11}));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 2).padding, (Size{0, 1}));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 2).covered(), (Size{7, 7}));
}

TEST(NetworkPlan, CoversLessOfThePaddedInputWherePoolingDropsSome) {
  const Network network{{5, 5, 1},
                        {Convolution{.filters = 2, .padding = Padding::same}, MaxPool{}, Flatten{}, ten_classes}};
  const auto convolution = get<ConvolutionPlan>(make_plan(network, every_pool), 0);
  EXPECT_EQ(convolution.input, (Shape{5, 5, 1}));
  EXPECT_EQ(convolution.convolved, (Size{4, 4}));
  EXPECT_EQ(convolution.covered(), (Size{6, 6})) << "5 and the padding before them";
}

TEST(NetworkPlan, StridesReadWhatTheyReach) {
  const Network network{{13, 12, 1},
                        {Convolution{.filters = 8, .stride = {2, 2}, .activation = Activation::relu},
                         Convolution{.filters = 6, .kernel = {2, 3}, .stride = {1, 2}}, Flatten{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_EQ(plan.image, (Shape{13, 11, 1})) << "no window reaches the last column";
  EXPECT_EQ(block(plan, 0).output, (Shape{6, 5, 8}));
  EXPECT_EQ(block(plan, 1).output, (Shape{5, 2, 6}));
}

TEST(NetworkPlan, ALonePoolAtTheBeginningNeedsNoGradient) {
  const Network network{{20, 18, 1},
                        {MaxPool{{3, 3}, {2, 2}}, Convolution{.filters = 9, .activation = Activation::relu},
                         MaxPool{{3, 3}, {2, 2}}, MaxPool{{1, 2}, {1, 1}}, Flatten{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_THAT(names(plan), ElementsAre("pool1", "conv1+relu+pool", "pool3", "fc1"));
  EXPECT_FALSE(block(plan, 0).input_gradient);
  EXPECT_FALSE(block(plan, 1).input_gradient);
  EXPECT_TRUE(block(plan, 2).input_gradient);
  EXPECT_EQ(block(plan, 2).output, (Shape{3, 1, 9}));
}

TEST(NetworkPlan, AGlobalAverageIsOneWindowOverTheWholeImage) {
  const Network network{{9, 8, 1},
                        {Convolution{.filters = 5}, AveragePool{{2, 3}, {2, 2}},
                         Convolution{.filters = 3, .kernel = {2, 1}}, GlobalAveragePool{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_THAT(names(plan), ElementsAre("conv1", "average_pool1", "conv2", "global_average_pool", "fc1"));
  EXPECT_EQ(plan.image, (Shape{8, 7, 1})) << "no window reaches the last row and column";
  EXPECT_EQ(block(plan, 1).output, (Shape{3, 2, 5}));
  const auto& global = get<AveragePoolPlan>(plan, 3);
  EXPECT_EQ(global.layer, (AveragePool{{2, 2}, {2, 2}}));
  EXPECT_EQ(global.output, (Shape{1, 1, 3, true}));
}

TEST(NetworkPlan, DropoutIsNumberedByTheWholeLayer) {
  const Network network{
      {7, 7, 1},
      {Convolution{.filters = 2, .kernel = {2, 2}}, Dropout{0.5}, MaxPool{{4, 4}, {4, 4}}, Flatten{}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_THAT(names(plan), ElementsAre("conv1", "dropout1", "pool1", "fc1"));
  const auto& dropout = get<DropoutPlan>(plan, 1);
  EXPECT_EQ(dropout.layer_index, 1u);
  EXPECT_EQ(dropout.input, (Shape{4, 4, 2}));
  EXPECT_EQ(dropout.output, (Shape{4, 4, 2}));
  EXPECT_EQ(dropout.numbering, (Shape{6, 6, 2}));
}

TEST(NetworkPlan, DropoutBehindFlattenIsNumberedAsTheImageLies) {
  const Network network{
      {5, 5, 1}, {Convolution{.filters = 4}, Flatten{}, Dropout{0.5}, Dense{.units = 7}, Dropout{0.25}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  const auto& behind_flatten = get<DropoutPlan>(plan, 1);
  EXPECT_EQ(behind_flatten.layer_index, 2u);
  EXPECT_EQ(behind_flatten.numbering, (Shape{3, 3, 4, true}));
  EXPECT_EQ(behind_flatten.output, behind_flatten.input);
  const auto& behind_dense = get<DropoutPlan>(plan, 3);
  EXPECT_EQ(behind_dense.numbering, (Shape{1, 1, 7, true}));
  EXPECT_EQ(behind_dense.name, "dropout2");
}

TEST(NetworkPlan, OfADeepNetworkGoesOnCounting) {
  const Network network{{16, 14, 1},
                        {Convolution{.filters = 5, .kernel = {3, 1}}, MaxPool{{2, 2}, {1, 1}},
                         Convolution{.filters = 16, .kernel = {1, 3}, .activation = Activation::relu},
                         Convolution{.filters = 11, .kernel = {2, 3}}, MaxPool{{2, 3}, {2, 3}},
                         Convolution{.filters = 6, .kernel = {1, 1}, .activation = Activation::relu}, Flatten{},
                         Dense{20, Activation::relu}, Dense{12, Activation::relu}, ten_classes}};
  const NetworkPlan plan = make_plan(network, every_pool);
  EXPECT_THAT(names(plan),
              ElementsAre("conv1+pool", "conv2+relu", "conv3+pool", "conv4+relu", "fc1+relu", "fc2+relu", "fc3"));
  EXPECT_EQ(get<ConvolutionPlan>(plan, 3).weights, 6u);
  EXPECT_EQ(get<DensePlan>(plan, 6).weights, 12u);
  for (std::size_t i = 1; i < plan.blocks.size(); ++i) EXPECT_TRUE(block(plan, i).input_gradient) << i;
}

}  // namespace
}  // namespace nib
