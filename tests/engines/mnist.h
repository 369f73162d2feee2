#pragma once

#include <filesystem>
#include <memory>

#include "nib/dataset.h"

namespace nib {

/// The folder of the data sets that come with the sources.
std::filesystem::path bundled_data();

struct Mnist {
  std::shared_ptr<const Dataset> training, test;
};

/// The bundled set, read once for all tests of the program.
const Mnist& mnist();

}  // namespace nib
