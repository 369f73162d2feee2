#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/notes.h"
#include "data/catalogue.h"
#include "formats/weights.h"

namespace nib {

/// What a user names of a network and its weights; either may be left out.
struct ModelChoice {
  std::string network{};  ///< "digits" or a network file; empty: that of the weights, else the digits network
  std::string weights{};  ///< see weights_file(); empty: initial weights from the seed
  std::optional<FlattenOrder> flatten{};  ///< of weights that do not say
};

/// The file of weights that a user means: of a run's folder the model.safetensors in it, of one that did not
/// finish its newest checkpoint, else what is named. Throws Error (bad input) for a folder that has neither.
std::string weights_file(const std::string& named);

/// The weights of the best epoch in the folder of a run. Throws Error: usage for what is no folder, bad input for one
/// without them.
std::string best_weights_file(const std::string& named);

/// The network with its weights. Every command gets both here. Notes of the file are told as warnings, and so are
/// checkpoints of a run that did not finish which cannot be read: the one before them is taken. Throws Error:
/// io, bad input naming the file, or device for a network that does not fit into memory.
WeightsFile open_model(const ModelChoice& choice, std::uint64_t seed, Notes& notes);
/// The same for a network that is known; of the choice counts what is said of the weights.
WeightsFile open_model(std::optional<Network> network, const ModelChoice& choice, std::uint64_t seed, Notes& notes);

/// The network that a choice without weights means, without initial ones: making these takes longer than all else.
/// Throws Error as above.
Network open_network(const ModelChoice& choice);

/// One a class; classes that the weights do not name have numbers.
std::vector<std::string> class_names_of(const WeightsFile& model);

/// The data set where one was named, else the one that the weights were trained on. A folder that the weights name is
/// told as a warning: nobody else may have chosen it; so is MNIST, which is taken where they name nothing. Throws Error
/// (usage) when that set has no name.
std::string data_for_model(const std::string& named, const WeightsFile& model, Notes& notes);

/// What a user wants of which data.
struct DataChoice {
  std::string data;         ///< a known set's name, or a folder
  std::uint64_t limit = 0;  ///< the first so many images of each part only; 0: all
  bool prepare = false;     ///< folders of pictures: made ready for the network, as own images are
  bool draws_test = true;   ///< see Reading
};

/// Loads a data set, tells its warnings, and checks that `network` can take its images and classes (an unnamed set may
/// have fewer). Throws Error (bad input) naming both sides, or the label that is none of the network's classes.
DataCollection load_data_for(const Network& network, const DataChoice& choice, DataParts parts, Notes& notes);

/// Weights that were trained on one set and are used on another are a mix-up more often than not: says so.
void warn_about_mixed_data(const WeightsFile& model, const DataCollection& source, Notes& notes);

}  // namespace nib
