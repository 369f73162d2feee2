#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/usage.h"

namespace nib {

/// The text with "-" for each hyphen, dash and minus of typography, as word processors and web pages put in their
/// place; one at the begin of an option's name stands for its two ("–epochs" becomes "--epochs", "–e" "-e").
std::string with_plain_dashes(std::string_view text);

/// What the command calls an option that it does not have by this name: spelt another way ("--Learning_Rate",
/// "-epochs", "–epochs"), or the word of another program ("--lr"), with the value that this word brings along
/// ("--device cuda" for
/// "--gpu"). nullopt where there is no such thing, or `name` is right.
std::optional<std::string> real_option(std::string_view name, const KnownCommand& command);

/// The one of `commands` that other programs call `word`: "evaluate" for "test".
std::optional<std::string> real_command(std::string_view word, const std::vector<std::string>& commands);

/// The option for a bare value that can be nothing else: "--data mnist" for "mnist".
std::optional<std::string> option_of_value(std::string_view value, const KnownCommand& command);

}  // namespace nib
