#pragma once

#include <string_view>

namespace nib {

/// report.css and report.js, put into the program when it is built.
extern const std::string_view report_style;
extern const std::string_view report_script;

}  // namespace nib
