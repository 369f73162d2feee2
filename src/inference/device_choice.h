#pragma once

#include <string>

namespace nib {

/// --device, --precision and the like, as a user gave them.
struct DeviceChoice {
  std::string device = "auto";
  std::string precision{};  ///< empty: the device's own default
  unsigned threads = 1;
  bool stream = false, fast = false;
};

}  // namespace nib
