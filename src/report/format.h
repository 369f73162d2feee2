#pragma once

#include <string>

#include "encodings/json.h"

namespace nib {

/// 0.9895 -> "98.95 %"; the space does not break.
std::string percent(double share);
/// 98.95 without the sign, for columns that bear it in their title.
std::string percent_number(double share);
/// 0.033584 -> "0.0336"; very small and very large numbers with an exponent.
std::string four_decimals(double number);
/// "551 ms", "7.28 s", "2 min 3 s", "1 h 2 min".
std::string duration(double seconds);
/// "2026-11-26T01:04:51Z" -> "26 November 2026, 01:04 UTC"; other texts stay as they are.
std::string long_date(const std::string& utc);
/// "validation_split" -> "Validation split", "val_loss" -> "Validation loss".
std::string title_of_key(const std::string& key);

/// A value for a person: texts as they are, "yes" and "no", "not set" for null, else JSON.
std::string described(const Json& value);

}  // namespace nib
