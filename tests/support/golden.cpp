#include "support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "formats/weights.h"
#include "model/network_json.h"

namespace nib::golden {
namespace {

std::vector<NamedNetwork> read_networks() {
  std::vector<NamedNetwork> networks;
  for (const auto& entry : std::filesystem::directory_iterator(path("networks"))) {
    if (entry.path().extension() != ".json") continue;
    networks.push_back({entry.path().stem().string(), load_network(entry.path().string())});
  }
  std::sort(networks.begin(), networks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return networks;
}

}  // namespace

std::filesystem::path path(const std::string& name) {
  const char* const moved = std::getenv("NIB_GOLDEN");  // where the tests run elsewhere than they were built
  return std::filesystem::path(moved ? moved : NIB_GOLDEN) / name;
}

nlohmann::json json(const std::string& name) { return nlohmann::json::parse(std::ifstream(path(name))); }

Parameters parameters(const std::string& name) { return read_weights(path(name)).parameters; }

const std::vector<NamedNetwork>& networks() {
  static const std::vector<NamedNetwork> networks = read_networks();
  return networks;
}

}  // namespace nib::golden
