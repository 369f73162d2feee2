#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nib/network.h"
#include "nib/parameters.h"

namespace nib::golden {

/// A network of tests/golden/networks/, named by its file without ending.
struct NamedNetwork {
  std::string name;
  Network network;
};

std::filesystem::path path(const std::string& name);
nlohmann::json json(const std::string& name);
Parameters parameters(const std::string& name);
/// An entry of a ZIP archive among the files.
std::vector<std::uint8_t> unpacked(const std::string& archive, const std::string& entry);

/// All of them, sorted by name.
const std::vector<NamedNetwork>& networks();

}  // namespace nib::golden
