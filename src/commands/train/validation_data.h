#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/notes.h"
#include "commands/train/data_text.h"
#include "commands/train/train_options.h"
#include "data/catalogue.h"
#include "runs/run_record.h"

namespace nib {

/// Validation images that are a data set of their own (--validation-data).
struct ValidationData {
  std::shared_ptr<const Dataset> images;
  std::string part;             ///< of its set: "test"
  std::vector<DataFile> files;  ///< that were read
};

/// Nothing may be held out beside them: throws Error (usage) where `given`, names of options, says otherwise. Else the
/// options hold nothing out.
void settle_validation_data(TrainOptions& options, const std::vector<std::string>& given);

/// Which of the run's sets --prepare is for: those that are folders of pictures, or where neither is the last one,
/// which is refused then.
bool prepares_data(const TrainOptions& options);
bool prepares_validation_data(const TrainOptions& options);

/// Loads them in any data format: the test part, as `nib evaluate` does, or where that is not there or has no labels
/// the training part. Warns where they are those of `source`, that the run is trained or tested on. Throws Error (bad
/// input) where the network cannot take them, they have no labels, or other classes than `classes`, those of the
/// training images.
ValidationData load_validation_data(const TrainOptions& options, const Network& network, const DataCollection& source,
                                    const std::vector<std::string>& classes, Notes& notes);

/// Which images the run is validated with.
ValidationWords validation_words(const TrainOptions& options, const Split& split,
                                 const std::optional<ValidationData>& own);

/// SHA-256 of each file.
std::vector<std::string> hashes_of(const std::vector<DataFile>& files);

/// The validation data of the run that goes on have to be the same, file by file. Throws Error (bad input).
void check_same_validation_data(const Json& before, const Json& now, const std::string& place);

}  // namespace nib
