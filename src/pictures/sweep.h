#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "pictures/pictures.h"
#include "statistics/sample.h"

namespace nib {

inline constexpr const char* sweep_picture_name = "sweep";

/// A setting of a sweep, with the accuracies of its runs.
struct SettingRow {
  std::string label;
  std::vector<double> values;
  std::optional<Sample> sample{};  ///< of these values; none without runs
  bool chosen = false;
};

/// The settings below each other in their order, at most 40: each run's accuracy as a faint dot, the mean on its 95 %
/// interval, and in figures; the chosen setting set off. Where some are far below the others the axis is logarithmic in
/// the share of errors, see ValueScale. `what` names the accuracy: "validation accuracy". No title line yet.
Drawing sweep_picture(std::span<const SettingRow> rows, const std::string& what, Sheet sheet = Sheet::wide);

}  // namespace nib
