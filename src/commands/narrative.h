#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/evaluation.h"
#include "data/catalogue.h"
#include "nib/dataset.h"
#include "report/terminal.h"

namespace nib {

/// How many images there are of each class.
std::vector<std::uint64_t> class_counts(const Dataset& dataset);

/// Where the data come from and whether they are a known set: one line.
std::string data_source_line(const DataCollection& collection);

/// The notebook's first steps in words: numbers of images, shapes before and after, what is held out, class counts.
std::string data_text(const DataCollection& source, const Split& split, const Dataset& test);

/// The first nine images with their labels.
std::string sample_grid(const Dataset& dataset, const Terminal& terminal);

/// The first nine images with predicted and true class.
std::string prediction_grid(const Dataset& dataset, const Evaluation& evaluation, const Terminal& terminal);

}  // namespace nib
