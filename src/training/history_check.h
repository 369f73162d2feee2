#pragma once

#include <string>
#include <string_view>

#include "nib/training.h"

namespace nib {

/// Checks that the text of history.csv or history.json tells the same as a history that was read elsewhere: as many
/// epochs with the same figures, in nine digits or exactly. Other columns are passed over. Throws Error (bad input)
/// naming `source` and what differs.
void check_history_csv(std::string_view text, const std::string& source, const History& history);
void check_history_json(std::string_view text, const std::string& source, const History& history);

}  // namespace nib
