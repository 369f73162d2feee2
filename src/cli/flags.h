#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "nib/error.h"

namespace nib {

/// The flag that sets what the rooms below call `setting`: "--validation-split" for "validation split".
std::string flag_of(std::string_view setting);

/// A text of a lower room with flags in place of its marked settings, see name_settings(). Streams does this with all
/// that it writes in words; documents and files want it where their texts come from an error, a warning or a check.
std::string with_flags(std::string_view text);

/// What went wrong, in one line that is safe to print, with flags. Every command tells errors by this: what() alone has
/// the library's names of settings.
std::string error_line(const std::exception& error);

/// "error: LINE", and below it "hint: HINT" where there is one.
std::string error_text(const Error& error);

}  // namespace nib
