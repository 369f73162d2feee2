#pragma once

#include <cstdint>
#include <string>

#include "data/catalogue.h"

namespace nib {

/// "the first 1,000 images of each part".
std::string limit_in_words(std::uint64_t limit);

/// Where the data come from, whether they are a known set, and whether all of it is used: one line.
std::string data_source_line(const DataCollection& collection);

}  // namespace nib
