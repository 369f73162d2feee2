#include "data/description.h"

#include <fmt/core.h>

#include "base/text.h"

namespace nib {

std::string limit_in_words(std::uint64_t limit) {
  return limit == 1 ? "the first image of each part"
                    : fmt::format("the first {} images of each part", with_commas(limit));
}

std::string data_source_line(const DataCollection& collection) {
  const bool known = collection.name != "unknown";
  return fmt::format("Data: {} from {}{}{}{}\n", collection.title, printable(collection.folder.string()),
                     collection.found.empty() ? "" : ", " + collection.found,
                     known ? " (SHA-256 verified)" : " (its SHA-256 is of no set that nib knows)",
                     collection.limit > 0 ? ", " + limit_in_words(collection.limit) + " only" : "");
}

}  // namespace nib
