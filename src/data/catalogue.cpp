#include "data/catalogue.h"

#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/collection.h"
#include "data/data_format.h"
#include "data/known_sets.h"
#include "data/places.h"

namespace nib {

bool is_folder_of_pictures(const std::string& name_or_path) {
  if (name_or_path.empty() || find_known_set(name_or_path) != nullptr) return false;
  const DataFormat* const format = find_data_format(name_or_path);
  return format != nullptr && format->name == picture_format;
}

DataCollection load_any_parts(const std::string& name_or_path, const Reading& reading) {
  const Place place = locate(name_or_path);
  const DataParts parts = reading.parts;
  if (const DataFormat* const format = find_data_format(place.folder);
      reading.prepared && (format == nullptr || format->name != picture_format))
    throw usage_error({.setting = "prepare",
                       .problem = "is for folders of pictures",
                       .got = printable(place.folder.string()),
                       .hint = "other sets hold images that are prepared by now"});
  const bool known = place.asked_for != nullptr;  // which has all of its files
  LoadedSet set = known ? read_idx_set(place.folder, parts == DataParts::both ? every_role : test_roles)
                        : read_set(place.folder, reading);
  return assemble(place, std::move(set));
}

DataCollection load_data(const std::string& name_or_path, const Reading& reading) {
  DataCollection collection = load_any_parts(name_or_path, reading);
  if (reading.parts == DataParts::both && collection.training.labels.empty())
    throw input_error({.file = collection.folder.string(),
                       .problem = "no images with labels to train on",
                       .expected = "a training part",
                       .got = collection.found});
  return collection;
}

}  // namespace nib
