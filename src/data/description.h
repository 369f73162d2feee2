#pragma once

#include <string>

#include "data/catalogue.h"

namespace nib {

/// Where the data come from and whether they are a known set: one line.
std::string data_source_line(const DataCollection& collection);

}  // namespace nib
