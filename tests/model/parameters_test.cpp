#include "nib/parameters.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace nib {
namespace {

TEST(ZeroParameters, AreTheSpecifiedTensors) {
  const Parameters zeros = zero_parameters(digits_network());
  const std::vector<ParameterSpec> specs = parameter_specs(digits_network());
  ASSERT_EQ(zeros.tensors.size(), specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(zeros.tensors[i].name, specs[i].name);
    EXPECT_EQ(zeros.tensors[i].shape, specs[i].shape);
    EXPECT_EQ(zeros.tensors[i].values, std::vector<float>(specs[i].size(), 0.0F));
  }
}

/// From an implementation of Philox4x32-10 and of the rule in parameters.cpp written apart from this one, in Python.
TEST(InitialParameters, AreTheDocumentedFunctionOfSeedTensorAndElement) {
  const auto value = [](std::uint64_t seed, std::size_t tensor, std::size_t element) {
    return initial_parameters(digits_network(), seed).tensors[tensor].values[element];
  };
  EXPECT_EQ(value(0, 0, 0), -0x1.75d6e8p-4F);
  EXPECT_EQ(value(0, 0, 287), -0x1.51a456p-4F);
  EXPECT_EQ(value(0, 2, 5), -0x1.4d7f7cp-4F);
  EXPECT_EQ(value(7, 4, 204799), 0x1.281f7ap-5F);
  EXPECT_EQ(value(7, 6, 1279), 0x1.13d518p-4F);
  EXPECT_EQ(value((std::uint64_t{1} << 40) + 3, 0, 1), 0x1.f00b54p-6F);
}

TEST(InitialParameters, FillGlorotsIntervalEvenlyAndLeaveBiasesZero) {
  const Parameters parameters = initial_parameters(digits_network(), 3);
  const std::vector<ParameterSpec> specs = parameter_specs(digits_network());
  const std::vector<double> keras_limits = {0.1421338109, 0, 0.0833333333, 0, 0.0589255651, 0, 0.2085144141, 0};
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const std::vector<float>& values = parameters.tensors[i].values;
    const double limit = keras_limits[i];
    const double size = static_cast<double>(values.size());
    double largest = 0, squares = 0;
    for (const float value : values) {
      largest = std::max(largest, std::fabs(double{value}));
      squares += double{value} * value;
    }
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_LE(largest, limit + 1e-9) << specs[i].name;
    EXPECT_GE(largest, 0.97 * limit) << specs[i].name;
    // Five standard deviations of the mean and of the mean square of a uniform sample.
    EXPECT_NEAR(sum / size, 0, 5 * limit / std::sqrt(3 * size)) << specs[i].name;
    EXPECT_NEAR(squares / size, limit * limit / 3, 5 * limit * limit * std::sqrt(4 / (45 * size))) << specs[i].name;
  }
}

TEST(InitialParameters, DifferBySeedAndByTensor) {
  const Network network{{4, 4, 1}, {Flatten{}, Dense{16}, Dense{16}, Dense{10, Activation::softmax}}};
  const Parameters first = initial_parameters(network, 1);
  EXPECT_EQ(first, initial_parameters(network, 1));
  EXPECT_NE(first, initial_parameters(network, 2));
  ASSERT_EQ(first.tensors[0].shape, first.tensors[2].shape);
  EXPECT_NE(first.tensors[0].values, first.tensors[2].values);
}

TEST(AllFinite, NoticesEveryNumberThatIsNot) {
  Parameters parameters = zero_parameters(digits_network());
  EXPECT_TRUE(all_finite(parameters));
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    parameters.tensors.back().values.back() = bad;
    EXPECT_FALSE(all_finite(parameters)) << bad;
  }
}

}  // namespace
}  // namespace nib
