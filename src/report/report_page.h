#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "encodings/json.h"
#include "nib/network.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// A picture of the page; without `svg` a box stands in its place, and the page says that it is missing.
struct ReportFigure {
  std::string name;          ///< "curves"; the page's ids derive from it, and where it stands
  std::string title;         ///< "Accuracy and loss"
  std::string caption;       ///< what there is to see, one or two sentences
  std::string svg{};         ///< of to_svg(): it stands in the page as it is
  std::string narrow_svg{};  ///< another one for narrow screens, where there is one
};

struct ReportContent {
  const RunRecord& record;
  std::string record_path = "run.json";  ///< what errors call it
  std::optional<Predictions> predictions{};
  std::optional<Network> network{};
  Json default_settings{};       ///< of a run without options; null where nobody knows them
  std::string classification{};  ///< the classification report as text
  std::vector<ReportFigure> figures{};
};

/// One HTML page that needs no other file and no network: everything that the run's files say, for a person to read.
/// Figures stand where their subject is treated (curves, samples, augmentation, predictions, confusion, mistakes,
/// per-class, calibration, kernels); those with other names follow the test result. Throws Error (bad input) naming the
/// record where its class names do not fit the predictions.
std::string report_page(const ReportContent& content);

}  // namespace nib
