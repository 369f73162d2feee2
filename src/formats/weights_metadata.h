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

/// The file's own network, else the one asked for, else the digits network. Throws Error (bad input) where two differ.
Network choose_network(const Metadata& metadata, const std::optional<Network>& asked, const std::string& source);

/// Takes what nib's metadata say beside the network, which is there: data set, limit, classes; and holds the parameters
/// against their hash, where there is one. Throws Error (bad input) naming the key.
void take_description(const Metadata& metadata, const std::string& source, WeightsFile& weights);

/// What nib writes of these weights.
Metadata metadata_of(const WeightsFile& model);
/// The same with the hash of the numbers, for formats without a checksum of their own: so a flipped bit is found.
Metadata metadata_with_hash(const WeightsFile& model);

}  // namespace nib
