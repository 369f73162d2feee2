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

/// All of them, sorted by name.
const std::vector<NamedNetwork>& networks();

}  // namespace nib::golden
