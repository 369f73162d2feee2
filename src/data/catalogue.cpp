#include "data/catalogue.h"

#include <utility>

#include "data/collection.h"
#include "data/data_files.h"
#include "data/places.h"

namespace nib {

DataCollection load_data(const std::string& name_or_folder, DataParts parts) {
  const Place place = locate(name_or_folder);
  std::vector<FileOutcome> outcomes = load_files(place.folder, parts == DataParts::both ? every_role : test_roles);
  for (const FileOutcome& outcome : outcomes)
    if (outcome.error) throw Error(*outcome.error);
  return assemble(place, std::move(outcomes));
}

}  // namespace nib
