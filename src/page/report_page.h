#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "statistics/predictions.h"

namespace nib {

/// A picture of the page; without `svg` a box stands in its place, and the page says that it is missing.
struct ReportFigure {
  std::string name;     ///< "curves"; the page's ids and file names derive from it
  std::string title;    ///< "Accuracy and loss"
  std::string caption;  ///< what there is to see, one or two sentences
  std::string svg{};
};

struct ReportContent {
  const nlohmann::ordered_json& record;  ///< run.json of a finished run, see docs/formats.md
  std::optional<Predictions> predictions{};
  std::string summary{};         ///< the layer table as text
  std::string classification{};  ///< the classification report as text
  std::vector<ReportFigure> figures{};
};

/// One HTML page that needs no other file and no network: everything that the run's files say, for a person to read.
std::string report_page(const ReportContent& content);

}  // namespace nib
