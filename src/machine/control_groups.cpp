#include "machine/control_groups.h"

#include <sstream>

#include "base/stream.h"

namespace nib {

namespace fs = std::filesystem;

std::vector<fs::path> ControlGroups::folders(std::string_view controller) const {
  std::vector<fs::path> folders;
  std::istringstream file(system_text(membership));
  for (std::string line; std::getline(file, line);) {  // "ID:CONTROLLERS:/GROUP"; version 2 has no controllers
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool all = controllers.empty();
    if (!all && ("," + controllers + ",").find("," + std::string(controller) + ",") == std::string::npos) continue;
    const fs::path group = fs::path(line.substr(second + 1)).relative_path();
    std::vector<fs::path> roots{mount / controllers};
    if (!all) roots.push_back(mount / controller);
    for (const fs::path& root : roots) {
      for (fs::path part = group; !part.empty(); part = part.parent_path()) folders.push_back(root / part);
      folders.push_back(root);
    }
  }
  return folders;
}

std::vector<std::string> words_of(const fs::path& path) {
  std::istringstream file(system_text(path));
  std::vector<std::string> words;
  for (std::string word; file >> word;) words.push_back(word);
  return words;
}

}  // namespace nib
