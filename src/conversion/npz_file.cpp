#include "conversion/npz_file.h"

#include <utility>

#include "encodings/npy.h"
#include "encodings/zip.h"

namespace nib {
namespace {

struct NamedFile {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

void add_array(const std::string& name, std::vector<std::uint32_t> shape, const std::vector<std::uint8_t>& values,
               std::vector<NamedFile>& files) {
  if (values.empty()) return;
  files.push_back(
      {name + ".npy", npy_bytes({.kind = 'u', .item_bytes = 1, .shape = std::move(shape), .bytes = values})});
}

}  // namespace

std::vector<std::uint8_t> npz_file(const DataCollection& set, const std::string& file) {
  std::vector<NamedFile> files;
  for (const auto& [part, suffix] : {std::pair(&set.training, "_train"), std::pair(&set.test, "_test")}) {
    const auto count = static_cast<std::uint32_t>(part->size());
    add_array(std::string("x") + suffix, {count, part->rows, part->columns}, part->pixels, files);
    add_array(std::string("y") + suffix, {count}, part->labels, files);
  }
  std::vector<ZipContent> contents;
  for (const NamedFile& each : files) contents.push_back({.name = each.name, .bytes = each.bytes});
  return zip_bytes(contents, file);
}

}  // namespace nib
