#include "commands/train/validation_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "inference/model.h"
#include "training/split.h"

namespace nib {
namespace {

std::string names_in_words(const std::vector<std::string>& names) {
  constexpr std::size_t most_named = 12;
  std::vector<std::string> some(names.begin(),
                                names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_named)));
  if (names.size() > most_named) some.push_back(fmt::format("{} more", names.size() - most_named));
  return printable(join_words(some), 400);
}

/// Errors name the setting that the set came from.
DataCollection load(const TrainOptions& options, const Network& network, Notes& notes) {
  try {
    const DataChoice choice{.data = options.validation_data,
                            .limit = options.limit,
                            .prepare = prepares_validation_data(options),
                            .draws_test = false};
    return load_data_for(network, choice, DataParts::test_only, notes);
  } catch (const Error& error) {
    Problem problem = error.problem();
    if (problem.setting == "data") problem.setting = "validation data";
    throw Error(error.code(), std::move(problem));
  }
}

/// A set without names has as many classes as its labels need: it may lack the last ones. Then it gets their names.
void give_classes(Dataset& images, const std::vector<std::string>& classes, const std::string& place) {
  const std::vector<std::string>& own = images.class_names;
  if (own.size() > classes.size() || !std::equal(own.begin(), own.end(), classes.begin()))
    throw input_error({.file = place,
                       .field = "classes",
                       .problem = "not those of the training images",
                       .expected = names_in_words(classes),
                       .got = names_in_words(own)});
  images.class_names = classes;
}

/// Whether two sets have a file alike, or a folder of pictures, of which one may have taken a part.
bool share_images(const std::vector<DataFile>& one, const std::vector<DataFile>& other) {
  return std::ranges::any_of(one, [&](const DataFile& file) {
    return std::ranges::any_of(
        other, [&](const DataFile& each) { return each.raw_sha256 == file.raw_sha256 || each.path == file.path; });
  });
}

}  // namespace

void settle_validation_data(TrainOptions& options, const std::vector<std::string>& given) {
  if (options.validation_data.empty()) return;
  const auto refuse = [&](const char* option, const char* name, const std::string& got) {
    if (is_given(given, option))
      throw usage_error({.setting = name,
                         .problem = "nothing is held out where the validation images are a set of their own",
                         .expected = "one of the two",
                         .got = got + " beside " + setting("validation data")});
  };
  if (options.validation_split != 0)
    refuse("--validation-split", "validation split", fmt::format("{}", options.validation_split));
  refuse("--validation", "validation", options.validation);
  options.validation_split = 0;
}

bool prepares_data(const TrainOptions& options) {
  return options.prepare && (options.validation_data.empty() || is_folder_of_pictures(options.data));
}

bool prepares_validation_data(const TrainOptions& options) {
  return options.prepare && (is_folder_of_pictures(options.validation_data) || !is_folder_of_pictures(options.data));
}

ValidationData load_validation_data(const TrainOptions& options, const Network& network, const DataCollection& source,
                                    const std::vector<std::string>& classes, Notes& notes) {
  const std::string& place = options.validation_data;
  DataCollection own = load(options, network, notes);
  const bool tests = own.test.size() > 0 && !own.test.labels.empty();
  Dataset& images = tests ? own.test : own.training;
  if (images.size() == 0 || images.labels.empty())
    throw input_error({.file = printable(place),
                       .problem = "no images with labels to validate with",
                       .expected = "a test or a training part with labels",
                       .got = own.found});
  give_classes(images, classes, place);
  if (share_images(own.files, source.files))
    notes.warn(printable(place) +
               ": its images are also of the set that the run is trained and tested on; where they are tested on, the "
               "test tells no more than the validation did");
  return {.images = std::make_shared<const Dataset>(std::move(images)),
          .part = tests ? "test" : "training",
          .files = std::move(own.files)};
}

ValidationWords validation_words(const TrainOptions& options, const Split& split,
                                 const std::optional<ValidationData>& own) {
  if (!split.validation) return {};
  const std::size_t images = split.validation->size();
  if (own)
    return {.words = fmt::format("{} images, the {} part of {}", with_commas(images), own->part,
                                 printable(options.validation_data)),
            .held_out = false};
  const HeldOut which = *held_out(options.validation);
  return {.words = in_words(which, images, images + split.training->size()) + ", before shuffling"};
}

std::vector<std::string> hashes_of(const std::vector<DataFile>& files) {
  std::vector<std::string> hashes;
  for (const DataFile& file : files) hashes.push_back(file.raw_sha256);
  return hashes;
}

void check_same_validation_data(const Json& before, const Json& now, const std::string& place) {
  if (before[validation_hashes] == now[validation_hashes]) return;
  throw input_error({.file = place,
                     .problem = "other validation data than the run to resume had: their SHA-256 is another",
                     .hint = setting("validation data") + " names where they are"});
}

}  // namespace nib
