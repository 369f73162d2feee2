#include "images/preparation/background.h"

#include <algorithm>
#include <vector>

namespace nib {
namespace {

constexpr float clearly_darker = 0.08F;  ///< ink strength above which a coarse pixel is not taken for paper
constexpr float darkest_paper = 8;       ///< levels of light: darker paper would make any noise strong ink

float strength(float light, float paper) { return (paper - light) / std::max(paper, darkest_paper); }

void add(Field& field, const Field& other) {
  for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] += other.values[i];
}

void subtract(Field& field, const Field& other) {
  for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] -= other.values[i];
}

/// 1 where there is paper and no stroke near, 0 elsewhere.
Field paper_mask(const Field& light, const Field& paper) {
  Field mask = field_of(light.rows, light.columns);
  for (std::size_t i = 0; i < mask.values.size(); ++i)
    mask.values[i] = strength(light.values[i], paper.values[i]) < clearly_darker ? 1.0F : 0.0F;
  return box_minimum(mask, 1);
}

/// The mean of `values` over the masked pixels around; where there are hardly any, `fallback`.
Field masked_mean(const Field& values, const Field& mask, const Field& fallback, std::size_t radius) {
  constexpr float fallback_weight = 0.02F;
  Field weighted = values;
  for (std::size_t i = 0; i < mask.values.size(); ++i) weighted.values[i] *= mask.values[i];
  Field sums = box_mean(box_mean(weighted, radius), radius);
  const Field weights = box_mean(box_mean(mask, radius), radius);
  for (std::size_t i = 0; i < sums.values.size(); ++i)
    sums.values[i] = (sums.values[i] + fallback_weight * fallback.values[i]) / (weights.values[i] + fallback_weight);
  return sums;
}

float quantile(const Field& field, double part) {
  std::vector<float> values = field.values;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size()));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Field coarse_paper(const CoarseGround& ground) {
  const auto& [factor, light, surface] = ground;
  const std::size_t side = std::max(light.rows, light.columns);
  Field rest = light;
  subtract(rest, surface);
  const Field closed = box_minimum(box_maximum(rest, side / 4), side / 4);
  Field first = closed;
  add(first, surface);
  Field paper = masked_mean(rest, paper_mask(light, first), closed, std::max<std::size_t>(1, side / 16));
  add(paper, surface);
  return paper;
}

}  // namespace

Field ink_strength(const Field& light) { return ink_strength(light, coarse_ground(light)); }

Field ink_strength(const Field& light, const CoarseGround& ground) {
  Field ink = enlarged(coarse_paper(ground), ground.factor, light.rows, light.columns);
  for (std::size_t i = 0; i < ink.values.size(); ++i) ink.values[i] = strength(light.values[i], ink.values[i]);
  return ink;
}

Field ink_strength_on_even_paper(const Field& light) {
  const float paper = quantile(light, 0.9);
  Field ink = light;
  for (float& value : ink.values) value = strength(value, paper);
  return ink;
}

std::optional<Field> ink_strength_in_shadow(const Field& light) {
  const std::size_t radius = std::max<std::size_t>(1, std::max(light.rows, light.columns) / 10);
  const Field paper = box_minimum(box_maximum(light, radius), radius);
  constexpr float least_loss = 1.0F / 6, most_loss = 0.75F;
  const float dark = quantile(paper, 0.08), bright = quantile(paper, 0.92);
  if (dark > (1 - least_loss) * bright || dark < (1 - most_loss) * bright) return std::nullopt;
  Field ink = paper;
  subtract(ink, light);
  const float lifted = quantile(ink, 0.5);
  for (std::size_t i = 0; i < ink.values.size(); ++i)
    ink.values[i] = strength(light.values[i], std::max(paper.values[i] - lifted, light.values[i] - lifted));
  return ink;
}

}  // namespace nib
