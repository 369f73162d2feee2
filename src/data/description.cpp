#include "data/description.h"

#include <fmt/core.h>

#include "base/text.h"

namespace nib {

std::string data_source_line(const DataCollection& collection) {
  const bool known = collection.name != "unknown";
  return fmt::format("Data: {} from {}{}\n", collection.title, printable(collection.folder.string()),
                     known ? " (SHA-256 verified)" : " (its SHA-256 is of no set that nib knows)");
}

}  // namespace nib
