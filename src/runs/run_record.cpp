#include "runs/run_record.h"

#include <nlohmann/json.hpp>

#include "data/class_counts.h"
#include "model/network_json.h"
#include "training/history.h"

namespace nib {

using nlohmann::ordered_json;

ordered_json source_json(const DataCollection& collection) {
  ordered_json files = ordered_json::array();
  for (const DataFile& file : collection.files)
    files.push_back({{"path", file.path.string()},
                     {"gzipped", file.gzipped},
                     {"raw_bytes", file.raw_bytes},
                     {"raw_sha256", file.raw_sha256}});
  return {
      {"name", collection.name}, {"title", collection.title}, {"folder", collection.folder.string()}, {"files", files}};
}

ordered_json data_json(const DataCollection& source, const Split& split, const Dataset& test) {
  ordered_json document = source_json(source);
  ordered_json images = {{"training", split.training->size()}};
  ordered_json counts = {{"training", class_counts(*split.training)}};
  if (split.validation) {
    images["validation"] = split.validation->size();
    counts["validation"] = class_counts(*split.validation);
  }
  images["test"] = test.size();
  counts["test"] = class_counts(test);
  document["images"] = images;
  document["class_names"] = test.class_names;
  document["class_counts"] = counts;
  return document;
}

ordered_json history_document(const History& history) { return ordered_json::parse(history_json(history)); }

ordered_json network_document(const Network& network) { return ordered_json::parse(network_json(network)); }

}  // namespace nib
