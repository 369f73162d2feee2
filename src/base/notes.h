#pragma once

#include <string_view>

namespace nib {

/// Where a room tells what a person should know while the work goes on. Both may hold marked settings, see
/// name_settings().
class Notes {
 public:
  virtual ~Notes() = default;
  virtual void say(std::string_view text) = 0;   ///< narrative, with its line ends
  virtual void warn(std::string_view line) = 0;  ///< something is not as one may think
};

}  // namespace nib
