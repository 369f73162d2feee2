#pragma once

#include <string_view>

#include "encodings/json.h"
#include "encodings/json_reader.h"

namespace nib {

/// The key of a record's own SHA-256, the last one of run.json: of the whole file, with its own 64 digits taken as
/// zeros.
inline constexpr const char* record_hash = "record_sha256";

/// The document of a record with its own hash, which holds for its text as json_text() gives it.
Json sealed(Json record);

/// Holds a record, whose text is `text`, against its own hash. Records of older versions have none, nor hashes of their
/// epochs. Throws Error (bad input) where anything in the text was changed, be it a blank or the time of an epoch.
void check_seal(std::string_view text, const JsonReader& document);

}  // namespace nib
