#include "statistics/temperature.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

/// What float32 holds at the least; a probability below it was rounded to 0.
constexpr double least_probability = 1e-45;

double log_of(float probability) { return std::log(std::max(static_cast<double>(probability), least_probability)); }

double mean_loss(const Predictions& predictions, double temperature) {
  double sum = 0;
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    const std::span<const float> row = predictions.of_image(image);
    const double top = log_of(predictions.confidence(image));
    double others = 0;
    for (const float probability : row) others += std::exp((log_of(probability) - top) / temperature);
    sum += std::log(others) - (log_of(row[predictions.labels[image]]) - top) / temperature;
  }
  return sum / static_cast<double>(predictions.size());
}

}  // namespace

double fitted_temperature(const Predictions& predictions) {
  if (predictions.size() == 0) return 1;
  // The loss is convex in 1 / T: golden-section search over ln T finds its one minimum.
  constexpr double shrink = 0.6180339887498949;
  constexpr int rounds = 24;  // to a ten-thousandth
  double low = std::log(0.1), high = std::log(10.0);
  double left = high - shrink * (high - low), right = low + shrink * (high - low);
  double left_loss = mean_loss(predictions, std::exp(left)), right_loss = mean_loss(predictions, std::exp(right));
  for (int round = 0; round < rounds; ++round) {
    if (left_loss < right_loss) {
      high = right;
      right = left;
      right_loss = left_loss;
      left = high - shrink * (high - low);
      left_loss = mean_loss(predictions, std::exp(left));
    } else {
      low = left;
      left = right;
      left_loss = right_loss;
      right = low + shrink * (high - low);
      right_loss = mean_loss(predictions, std::exp(right));
    }
  }
  return std::exp((low + high) / 2);
}

std::vector<double> at_temperature(std::span<const float> probabilities, double temperature) {
  std::vector<double> result;
  double top = log_of(0), sum = 0;
  for (const float probability : probabilities) top = std::max(top, log_of(probability));
  for (const float probability : probabilities)
    sum += result.emplace_back(std::exp((log_of(probability) - top) / temperature));
  for (double& each : result) each /= sum;
  return result;
}

}  // namespace nib
