#pragma once

#include <string_view>

namespace nib::metadata {

// nib's own keys in a file's metadata, beside the checksum's (checksum.h), and their fixed values.
constexpr const char* own_prefix = "nib.";
constexpr const char* format = "nib.format";
constexpr std::string_view format_version = "1";
constexpr const char* network = "nib.network";  ///< network_json()
constexpr const char* data = "nib.data";
constexpr const char* limit = "nib.limit";      ///< images of each part, where not all were used
constexpr const char* classes = "nib.classes";  ///< JSON array of strings
constexpr const char* score = "nib.score";      ///< JSON text: how far the answers can be trusted, see score/score.h
/// weights_sha256(), in files of formats that have no checksum of their own.
constexpr const char* weights_sha256 = "nib.weights_sha256";

/// Which library wrote the file, and so how it lays out tensors.
constexpr const char* writer = "format";
constexpr std::string_view torch = "pt";

// Of a checkpoint, see checkpoint.h.
constexpr const char* checkpoint = "nib.checkpoint";  ///< JSON text: where the run stands
constexpr const char* moments = "nib.moments";        ///< JSON array of the moments' names

/// The order in which the first dense layer counts its inputs. The shapes are the same in any order, so that a file in
/// another one would load and be merely wrong.
constexpr const char* flatten = "flatten";
constexpr std::string_view channels_first = "CHW";
constexpr std::string_view channels_last = "HWC";

}  // namespace nib::metadata
