#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "nib/error.h"

namespace nib {

/// A setting, marked for the texts of a Problem: what sets it, a flag or a member, is not known below the program.
/// "leave " + setting("precision") + " out".
std::string setting(std::string_view name);

/// The line of an error for a text that says anyway what it is about: without its setting, or else its file. Settings
/// in it stay marked.
std::string without_file(const Error& error);

/// Shorthands for the common codes.
Error usage_error(Problem problem);
Error input_error(Problem problem);
Error io_error(Problem problem);
Error device_error(Problem problem);
Error numeric_error(Problem problem);

/// The error (device) for `what` ("the network") that takes `needed` bytes of memory, of which there are `free`.
Error memory_error(const std::string& what, std::uint64_t needed, std::uint64_t free, std::string hint);

/// What anything thrown is to a user: an Error as it is; io for a lack of memory and what the system refuses; else bug.
Error error_of(const std::exception& thrown);

/// "No such file or directory" and the like for an errno value, lower case first letter.
std::string system_message(int error_number);

}  // namespace nib
