#include "data/inspection.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "base/text.h"
#include "data/collection.h"
#include "data/data_files.h"
#include "data/data_format.h"
#include "data/no_set.h"
#include "data/places.h"

namespace nib {
namespace {

DataFileReport report_file(std::size_t role, const FileOutcome& outcome, const KnownSet* asked_for) {
  if (const Error* error = std::get_if<Error>(&outcome))
    return {.role = role, .file = std::nullopt, .problem = error->what(), .hint = error->problem().hint};
  const LoadedFile& loaded = std::get<LoadedFile>(outcome);
  DataFileReport report{.role = role, .file = loaded.file, .problem = ""};
  try {
    if (asked_for != nullptr) check_known_file(*asked_for, loaded);
  } catch (const Error& error) {
    report.problem = error.what();
    report.hint = error.problem().hint;
  }
  return report;
}

/// What keeps a whole set from being trained with, into `unfit` and `hint`.
void tell_whether_it_trains(const DataCollection& set, DataReport& report) {
  const bool test_labels = !set.test.labels.empty();
  if (set.training.size() == 0 || set.training.labels.empty()) {
    report.unfit = set.training.size() == 0 ? "has no training part" : "its training images have no labels";
    report.hint = test_labels ? "weights can be tested with it, by nib evaluate" : "nib predict answers such images";
    if (set.test.size() == 0) report.hint.clear();
    return;
  }
  const auto [least, most] = std::ranges::minmax(set.training.labels);
  if (least != most) return;
  report.unfit =
      fmt::format("its training images are of one class only, {}", printable(set.training.class_names[least]));
}

}  // namespace

DataReport inspect_data(const std::string& name_or_path) {
  const Place place = locate(name_or_path);
  DataReport report;
  report.title = place.asked_for != nullptr ? place.asked_for->title : unknown_set_title;
  report.folder = place.folder;
  LoadedSet set;
  if (const DataFormat* const format = find_data_format(place.folder)) {
    report.title = unknown_set_of(format->name);
  } else if (place.asked_for == nullptr && holds_no_set(place.folder)) {
    const Error error = no_set_in(place.folder);
    report.title = no_set_title;
    report.problem = error.what();
    report.hint = error.problem().hint;
    return report;
  } else {
    for (FileOutcome& outcome :
         load_files(place.folder, place.asked_for != nullptr ? every_role : roles_in(place.folder))) {
      report.files.push_back(report_file(report.files.size(), outcome, place.asked_for));
      if (auto* loaded = std::get_if<LoadedFile>(&outcome)) set.files.push_back(std::move(*loaded));
    }
    if (problem_count(report) > 0) return report;
  }
  try {
    if (set.files.empty()) {
      set = read_set(place.folder, DataParts::both);
      for (const LoadedFile& loaded : set.files)
        report.files.push_back({.role = loaded.role, .file = loaded.file, .problem = ""});
    }
    DataCollection collection = assemble(place, std::move(set));
    tell_whether_it_trains(collection, report);
    report.title = std::move(collection.title);
    report.found = std::move(collection.found);
    report.warnings = std::move(collection.warnings);
  } catch (const Error& error) {
    report.problem = error.what();
    report.hint = error.problem().hint;
  }
  return report;
}

std::size_t problem_count(const DataReport& report) {
  const auto wrong =
      std::ranges::count_if(report.files, [](const DataFileReport& file) { return !file.problem.empty(); });
  return static_cast<std::size_t>(wrong) + (report.problem.empty() ? 0 : 1);
}

}  // namespace nib
