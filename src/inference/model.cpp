#include "inference/model.h"

#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/known_sets.h"
#include "data/label_checks.h"
#include "data/limit.h"
#include "formats/checkpoint_names.h"
#include "machine/memory.h"
#include "model/network_json.h"

namespace nib {
namespace {

std::string times(const Shape& shape) { return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels); }

bool are_numbered(const std::vector<std::string>& names) {
  for (std::size_t index = 0; index < names.size(); ++index)
    if (names[index] != std::to_string(index)) return false;
  return true;
}

void check_images(const Network& network, const DataCollection& collection) {
  const Dataset& test = collection.test;
  const Shape images{.height = test.rows, .width = test.columns, .channels = 1};
  if (images == network.input) return;
  throw input_error({.file = collection.folder.string(),
                     .problem = "the images do not fit the network's input",
                     .expected = times(network.input),
                     .got = times(images),
                     .hint = (collection.pictures ? setting("prepare") + " makes such images of pictures; " : "") +
                             setting("network") + " FILE takes a network for other images"});
}

/// Of classes that were counted by the labels, the labels themselves are what does not fit: the first one is named.
void check_counted_labels(std::size_t classes, const DataCollection& collection) {
  const std::string problem = fmt::format("the network has {} classes only", classes);
  const std::string hint = setting("network") + " FILE takes a network for other classes";
  constexpr std::size_t training_labels = 1;
  if (!collection.training.labels.empty())
    check_labels(collection.training.labels, collection.files[training_labels], classes, problem, hint);
  check_labels(collection.test.labels, collection.files.back(), classes, problem, hint);
}

/// Refuses a network whose parameters alone, and the two moments of each in training, are more than fits.
void check_memory(const Network& network) {
  constexpr std::uint64_t copies = 4;  // here, and with the moments in an engine
  const std::optional<std::uint64_t> free = free_memory();
  const std::uint64_t needed = copies * sizeof(float) * parameter_count(network);
  if (free && needed > *free)
    throw memory_error("the network's parameters", needed, *free, "a smaller network needs less");
}

/// An unnamed set counts its classes by the labels that occur, which may be fewer than there are.
void check_classes(std::size_t classes, DataCollection& collection) {
  std::vector<std::string> names = collection.test.class_names;
  if (names.size() < classes && are_numbered(names)) {
    while (names.size() < classes) names.push_back(std::to_string(names.size()));
    collection.test.class_names = collection.training.class_names = names;
  }
  if (names.size() == classes) return;
  if (collection.name == unknown_set_name && are_numbered(names)) check_counted_labels(classes, collection);
  throw input_error({.file = collection.folder.string(),
                     .problem = "the classes do not fit the network's output",
                     .expected = std::to_string(classes),
                     .got = std::to_string(names.size()),
                     .hint = setting("network") + " FILE takes a network for other classes"});
}

/// The weights in the newest checkpoint of a run that did not finish; where it cannot be read, in the one before it.
WeightsFile read_newest_checkpoint(const std::filesystem::path& run, const WeightsOptions& options, Notes& notes) {
  std::vector<Error> unreadable;
  for (const std::string& name : checkpoint_files(run)) {
    try {
      WeightsFile model = read_weights(run / name, options);
      model.file = (run / name).string();
      for (const Error& error : unreadable)
        notes.warn(std::string(error.what()) + "; in its place is taken " + printable(name));
      notes.warn(fmt::format("{}: the run did not finish; its newest checkpoint{} is taken, {}",
                             printable(run.string()), unreadable.empty() ? "" : " that can be read", printable(name)));
      return model;
    } catch (const Error& error) {
      unreadable.push_back(error);
    }
  }
  throw unreadable.front();
}

}  // namespace

std::string weights_file(const std::string& named) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path folder = named;
  if (named.empty() || !fs::is_directory(folder, ignored)) return named;
  if (fs::exists(folder / model_file, ignored)) return (folder / model_file).string();
  if (const auto checkpoints = checkpoint_files(folder); !checkpoints.empty())
    return (folder / checkpoints.front()).string();
  std::string hint = "the folder of a run has one";
  if (fs::exists(folder / "latest" / model_file, ignored)) hint = (folder / "latest").string() + " is the newest run";
  throw input_error({.file = named,
                     .problem = std::string("no ") + model_file + " in this folder",
                     .expected = "a weights file, or the folder of a run",
                     .hint = std::move(hint)});
}

std::string best_weights_file(const std::string& named) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (!fs::is_directory(named, ignored))
    throw usage_error({.setting = "best",
                       .file = named,
                       .problem = "no folder",
                       .expected = "the folder of a run",
                       .hint = std::string("the best weights of a run are in its ") + best_file});
  if (!fs::exists(fs::path(named) / best_file, ignored))
    throw input_error({.file = named,
                       .problem = std::string("no ") + best_file + " in this folder",
                       .expected = "the folder of a run that has one",
                       .hint = "each epoch that is the best so far writes it"});
  return (fs::path(named) / best_file).string();
}

WeightsFile open_model(const ModelChoice& choice, std::uint64_t seed, Notes& notes) {
  std::optional<Network> network;
  if (!choice.network.empty()) network = load_network(choice.network);
  return open_model(std::move(network), choice, seed, notes);
}

WeightsFile open_model(std::optional<Network> network, const ModelChoice& choice, std::uint64_t seed, Notes& notes) {
  if (choice.weights.empty()) {
    WeightsFile model;
    model.network = network ? *std::move(network) : digits_network();
    check_memory(model.network);
    model.parameters = initial_parameters(model.network, seed);
    return model;
  }
  const std::string file = weights_file(choice.weights);
  const WeightsOptions options{.network = std::move(network), .flatten = choice.flatten, .allow_fifo = true};
  const bool unfinished = file != choice.weights && !file.ends_with(model_file);
  WeightsFile model = unfinished ? read_newest_checkpoint(choice.weights, options, notes) : read_weights(file, options);
  if (!unfinished) model.file = file;
  for (const std::string& note : model.notes) notes.warn(note);
  return model;
}

Network open_network(const ModelChoice& choice) {
  Network network = choice.network.empty() ? digits_network() : load_network(choice.network);
  check_memory(network);
  return network;
}

std::vector<std::string> class_names_of(const WeightsFile& model) {
  std::vector<std::string> names = model.class_names;
  for (std::size_t number = names.size(); number < class_count(model.network); ++number)
    names.push_back(std::to_string(number));
  return names;
}

std::string data_for_model(const std::string& named, const WeightsFile& model, Notes& notes) {
  if (!named.empty()) return named;
  if (model.data.empty()) {
    notes.warn(fmt::format("the weights do not say what they were trained on: mnist is taken ({} names another)",
                           setting("data")));
    return "mnist";
  }
  if (model.data == unknown_set_name)
    throw usage_error({.setting = "data",
                       .problem = "missing",
                       .hint = "the weights were trained on a set that has no name: give its folder"});
  if (find_known_set(model.data) == nullptr)
    notes.warn(fmt::format("the weights' metadata choose the folder of the data, {} ({} names another)",
                           printable(model.data), setting("data")));
  return model.data;
}

DataCollection load_data_for(const Network& network, const DataChoice& choice, DataParts parts, Notes& notes) {
  const PictureSize input{.rows = network.input.height, .columns = network.input.width};
  Reading reading(parts, choice.prepare ? std::optional(input) : std::nullopt);
  reading.draws_test = choice.draws_test;
  DataCollection collection = load_data(choice.data, reading);
  for (const std::string& warning : collection.warnings) notes.warn(warning);
  check_images(network, collection);
  check_classes(class_count(network), collection);
  limit_images(collection, choice.limit);
  return collection;
}

void warn_about_mixed_data(const WeightsFile& model, const DataCollection& source, Notes& notes) {
  if (!model.data.empty() && model.data != source.name)
    notes.warn(fmt::format("the weights were trained on {}, the data are {}", printable(model.data), source.title));
  if (!model.class_names.empty() && model.class_names != source.test.class_names)
    notes.warn("the classes of the data have other names than those the weights were trained for");
}

}  // namespace nib
