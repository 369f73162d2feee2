#pragma once

#include <CLI/CLI.hpp>
#include <span>

#include "base/error.h"

namespace nib {

/// Refuses, before CLI11 reads them, arguments that it would misread: "--epochs=" would take the next argument.
void check_arguments(std::span<char*> arguments);

/// What CLI11 found wrong, in this program's words: Error (usage) with the option or command, what is allowed, and the
/// nearest name for one that does not exist.
Error explain(const CLI::ParseError& error, const CLI::App& app);

}  // namespace nib
