#pragma once

#include <string_view>

namespace nib::c_header {

// The functions of a C header, which its networks are made of. NAME stands for what all its names begin with; images
// are (channel, row, column).

constexpr std::string_view convolution = R"(
// Steps over the image in strides; what a kernel covers outside of it counts as 0.
static void NAME_convolution(const float *in, int in_height, int in_width, int channels, const float *weight,
                             const float *bias, float *out, int height, int width, int filters, int kernel_height,
                             int kernel_width, int down, int right, int above, int left, int relu) {
  for (int filter = 0; filter < filters; ++filter)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        float sum = bias[filter];
        for (int channel = 0; channel < channels; ++channel)
          for (int i = 0; i < kernel_height; ++i)
            for (int j = 0; j < kernel_width; ++j) {
              const int row = y * down + i - above, column = x * right + j - left;
              if (row >= 0 && row < in_height && column >= 0 && column < in_width)
                sum += weight[((filter * channels + channel) * kernel_height + i) * kernel_width + j] *
                       in[(channel * in_height + row) * in_width + column];
            }
        out[(filter * height + y) * width + x] = relu && sum < 0 ? 0 : sum;
      }
}
)";

constexpr std::string_view max_pool = R"(
static void NAME_max_pool(const float *in, int in_height, int in_width, int channels, float *out, int height, int width,
                          int pool_height, int pool_width, int down, int right) {
  for (int channel = 0; channel < channels; ++channel)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const float *first = in + (channel * in_height + y * down) * in_width + x * right;
        float largest = *first;
        for (int i = 0; i < pool_height; ++i)
          for (int j = 0; j < pool_width; ++j)
            if (first[i * in_width + j] > largest) largest = first[i * in_width + j];
        out[(channel * height + y) * width + x] = largest;
      }
}
)";

constexpr std::string_view average_pool = R"(
static void NAME_average_pool(const float *in, int in_height, int in_width, int channels, float *out, int height,
                              int width, int pool_height, int pool_width, int down, int right) {
  for (int channel = 0; channel < channels; ++channel)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const float *first = in + (channel * in_height + y * down) * in_width + x * right;
        float sum = 0;
        for (int i = 0; i < pool_height; ++i)
          for (int j = 0; j < pool_width; ++j) sum += first[i * in_width + j];
        out[(channel * height + y) * width + x] = sum / (float)(pool_height * pool_width);
      }
}
)";

constexpr std::string_view dense = R"(
static void NAME_dense(const float *in, int inputs, const float *weight, const float *bias, float *out, int units,
                       int relu) {
  for (int unit = 0; unit < units; ++unit) {
    float sum = bias[unit];
    for (int input = 0; input < inputs; ++input) sum += weight[unit * inputs + input] * in[input];
    out[unit] = relu && sum < 0 ? 0 : sum;
  }
}
)";

constexpr std::string_view softmax = R"(
// e to the power of x <= 0: Taylor's series of a 1024th of x, squared ten times.
static double NAME_exp(double x) {
  if (x < -700) return 0;
  const double small = x / 1024;
  double sum = 1;
  for (int k = 12; k > 0; --k) sum = 1 + sum * small / k;
  for (int k = 0; k < 10; ++k) sum *= sum;
  return sum;
}

// Turns the last layer's outputs into probabilities, in place; returns the likeliest class, the first one of equals.
static int NAME_softmax(float *values, int classes) {
  int best = 0;
  for (int k = 1; k < classes; ++k)
    if (values[k] > values[best]) best = k;
  const double largest = values[best];
  double sum = 0;
  for (int k = 0; k < classes; ++k) sum += NAME_exp(values[k] - largest);
  for (int k = 0; k < classes; ++k) values[k] = (float)(NAME_exp(values[k] - largest) / sum);
  return best;
}
)";

}  // namespace nib::c_header
