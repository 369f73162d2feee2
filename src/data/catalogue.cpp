#include "data/catalogue.h"

#include <utility>
#include <variant>

#include "data/collection.h"
#include "data/data_files.h"
#include "data/places.h"

namespace nib {

DataCollection load_data(const std::string& name_or_folder, DataParts parts) {
  const Place place = locate(name_or_folder);
  std::vector<LoadedFile> files;
  for (FileOutcome& outcome : load_files(place.folder, parts == DataParts::both ? every_role : test_roles)) {
    if (const Error* error = std::get_if<Error>(&outcome)) throw Error(*error);
    files.push_back(std::get<LoadedFile>(std::move(outcome)));
  }
  return assemble(place, std::move(files));
}

}  // namespace nib
