#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "nib/dataset.h"
#include "runs/output_folder.h"

namespace nib {

inline constexpr std::size_t most_samples = 100;  ///< a picture of more would be too tall for what shows pictures

/// A folder for samples.png and samples.svg.
FolderRequest samples_request(const std::string& out, bool force);

/// Writes them, of the images at `indices` of the data set called `data`, and says so.
void write_samples(OutputFolder& folder, const Dataset& dataset, const std::vector<std::size_t>& indices,
                   const std::string& data, Streams& streams);

}  // namespace nib
