#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "data/catalogue.h"
#include "nib/dataset.h"
#include "nib/network.h"
#include "nib/training.h"

namespace nib {

/// The parts of run.json and of the documents of --json, see docs/formats.md.

/// name, title, folder, files with their hashes.
nlohmann::ordered_json source_json(const DataCollection& collection);
/// source_json() with the numbers of images, the class names and how many images each class has in each part.
nlohmann::ordered_json data_json(const DataCollection& source, const Split& split, const Dataset& test);
/// An array for each figure, as in history.json.
nlohmann::ordered_json history_document(const History& history);
nlohmann::ordered_json network_document(const Network& network);

}  // namespace nib
