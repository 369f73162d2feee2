#include "base/modules.h"

#include "base/own_place.h"

namespace nib {

std::vector<std::filesystem::path> module_folders() { return {own_place().folder, own_place().home / "lib/nib"}; }

}  // namespace nib
