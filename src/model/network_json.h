#pragma once

#include <string>
#include <string_view>

#include "encodings/json.h"
#include "nib/network.h"

namespace nib {

/// Reads the network schema of docs/formats.md; `source` names the text in errors. Unknown or missing keys, wrong types
/// and numbers out of range are errors with the JSON path ("layers[2].kernel"); the result has passed validate().
Network parse_network(std::string_view json, const std::string& source);

/// One line, keys in the schema's order, every key written: equal networks give equal text.
std::string network_json(const Network& network);
/// The same as a part of another document.
Json network_to_json(const Network& network);

/// "digits", or the path of a network file or FIFO.
Network load_network(const std::string& digits_or_path);

}  // namespace nib
