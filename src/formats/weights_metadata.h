#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/file_tensor.h"
#include "formats/weights.h"

namespace nib {

/// What a file says beside its tensors, by the keys of metadata_keys.h.
using Metadata = std::map<std::string, std::string>;

std::optional<std::string> value_of(const Metadata& metadata, const std::string& key);

/// Whether nib wrote them. Throws Error (bad input) for those of a newer version.
bool are_ours(const Metadata& metadata, const std::string& source);

/// The moments that a checkpoint has beside the weights; none in a weights file.
std::vector<std::string> read_moment_names(const Metadata& metadata, const std::string& source);

/// Weights of what a file says and of its tensors, wherever they came from. Throws Error (bad input) naming key or
/// tensor.
WeightsFile weights_of(const Metadata& metadata, std::span<const FileTensor> tensors, const std::string& source,
                       const WeightsOptions& options);

/// What nib writes of these weights.
Metadata metadata_of(const WeightsFile& model);

}  // namespace nib
