#pragma once

#include <filesystem>
#include <string>

#include "runs/run_record.h"

namespace nib {

/// What a record says of where a data set is, so that it is found from any working directory: an absolute path; the
/// name of a known set as it is.
std::string recorded_place(const std::string& name_or_path);

/// Where the set is that a record names: `recorded`, its data.folder or its configuration's data. Records of older
/// versions have paths from the folder that nib ran in, which is known by the run's own path: `run` ends in
/// record.folder where nobody moved it. Throws Error (io) naming `source`, the record's file and its key, and every
/// place that was looked at, when the set is at none of them; its hint names the setting `which`.
std::string place_of_recorded(const std::string& recorded, const RunRecord& record, const std::filesystem::path& run,
                              const std::string& source, const std::string& which = "data");

/// Whether the set there was prepared for the run: --prepare does nothing to what is no folder of pictures.
bool was_prepared(const RunRecord& record, const std::string& place);

}  // namespace nib
