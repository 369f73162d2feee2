#pragma once

#include <string>

#include "encodings/json.h"
#include "inference/classifier.h"

namespace nib {

/// What the documents of all commands begin with that ask a classifier: program, engine, weights and network. `weights`
/// is the file as the user named it.
Json answer_document(const std::string& weights, const Classifier& classifier);

}  // namespace nib
