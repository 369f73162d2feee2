#include "support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/files.h"
#include "encodings/zip.h"
#include "formats/weights.h"
#include "model/network_json.h"
#include "tests/places.h"

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

std::vector<std::uint8_t> unpacked(const std::string& archive, const std::string& entry) {
  constexpr std::uint64_t most = 1 << 24;
  const std::vector<std::uint8_t> bytes = read_file(path(archive), most);
  for (const ZipEntry& found : zip_entries(bytes, archive))
    if (found.name == entry) return zip_content(found, most, archive);
  throw std::invalid_argument(archive + " has no " + entry);
}

const std::vector<NamedNetwork>& networks() {
  static const std::vector<NamedNetwork> networks = read_networks();
  return networks;
}

}  // namespace nib::golden
