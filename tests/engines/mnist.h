#pragma once

#include <memory>

#include "nib/dataset.h"

namespace nib {

struct Mnist {
  std::shared_ptr<const Dataset> training, test;
};

/// The bundled set, read once for all tests of the program.
const Mnist& mnist();

}  // namespace nib
