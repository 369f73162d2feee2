#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/arithmetic/augmentation.h"
#include "nib/dataset.h"
#include "nib/parameters.h"
#include "nib/training.h"
#include "statistics/predictions.h"
#include "training/step_curve.h"

namespace nib {

/// The pictures of a run, one function and one file each. Their names are "samples", "curves" and so on. None has its
/// title line yet, see with_title().

/// How wide a screen a picture is for: that of a desk, or a phone's, on which it is narrow and long.
enum class Sheet : std::uint8_t { wide, narrow };

/// The images at `indices` with their labels over them, three a row, or on a wide sheet more where that
/// makes a square.
Drawing samples_picture(const Dataset& dataset, std::span<const std::size_t> indices, Sheet sheet = Sheet::wide);

/// The first image of each class, at most five, and beside each what the first steps make of an image in its row.
Drawing augmentation_picture(const Dataset& dataset, const Augmentation& augmentation, std::uint64_t seed,
                             Sheet sheet = Sheet::wide);

/// Accuracy on the left and loss on the right over the epochs, on a narrow sheet below it, in training
/// and validation, with their last values; the best epoch, where there is one, marked. `steps`, where it is not null
/// and of the same epochs, is a faint line behind them.
Drawing curves_picture(const History& history, std::optional<std::uint32_t> best, const StepCurve* steps = nullptr,
                       Sheet sheet = Sheet::wide);

/// One image of each class, at most ten, and those that the network is least certain of, with predicted and true class
/// and the probability of the predicted one as a bar; wrong ones set off.
Drawing predictions_picture(const Dataset& dataset, const Predictions& predictions, Sheet sheet = Sheet::wide);

/// The confusion matrix as a heat map with counts, with recall and precision in its margins. Colour is the share of the
/// true class on log scales (confusion_shade.h); a wide sheet has room for them.
Drawing confusion_picture(const Predictions& predictions, const std::vector<std::string>& class_names,
                          Sheet sheet = Sheet::wide);

/// The most confident wrong predictions with their probabilities.
Drawing mistakes_picture(const Dataset& dataset, const Predictions& predictions, Sheet sheet = Sheet::wide);

/// Precision and recall of each class with 95 % Wilson intervals, the class with the lowest F1 score first.
Drawing per_class_picture(const Predictions& predictions, const std::vector<std::string>& class_names,
                          Sheet sheet = Sheet::wide);

/// Reliability diagram: accuracy over confidence with 95 % Wilson intervals, how many images there are of each
/// confidence, and the expected calibration error.
Drawing calibration_picture(const Predictions& predictions);

/// The filters of a convolution on grey images, at most 64: what they weigh positively and what negatively. `kernel` is
/// (filter, 1, row, column).
Drawing kernels_picture(const Tensor& kernel, Sheet sheet = Sheet::wide);

}  // namespace nib
