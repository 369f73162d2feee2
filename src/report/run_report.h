#pragma once

#include <string>
#include <vector>

#include "nib/network.h"
#include "pictures/run_pictures.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// What the pictures of a run tell of it.
PictureTitle picture_title(const RunRecord& record, const Network& network);

/// The page of a finished run. `record` is its run.json, called `record_path` in errors; pictures without a drawing are
/// told as missing. `default_settings` are those of a run without options, which settings are compared with. Throws
/// Error (bad input), see report_page().
std::string run_report(const RunRecord& record, const std::string& record_path, const Network& network,
                       const Predictions& predictions, const std::vector<RunPicture>& pictures,
                       const Json& default_settings = {});

}  // namespace nib
