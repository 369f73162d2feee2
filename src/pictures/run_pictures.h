#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/arithmetic/augmentation.h"
#include "nib/dataset.h"
#include "nib/network.h"
#include "nib/parameters.h"
#include "nib/training.h"
#include "pictures/picture_title.h"
#include "statistics/predictions.h"
#include "training/step_curve.h"

namespace nib {

/// What the pictures of a run are drawn from; what is null is not there.
struct PictureSources {
  const Dataset* training = nullptr;  ///< of samples, and of augmentation, by
  Augmentation augmentation{};        ///< which is left out where there is none, and the run's
  std::uint64_t seed = 0;
  const History* history = nullptr;       ///< of curves, with
  const StepCurve* step_curve = nullptr;  ///< behind them, if it is there; they mark
  std::optional<std::uint32_t> best_epoch{};
  const Dataset* test = nullptr;             ///< of predictions and mistakes, together with
  const Predictions* predictions = nullptr;  ///< also of confusion, per-class and calibration
  const Tensor* kernel = nullptr;            ///< of kernels
  std::vector<std::string> class_names{};
  PictureTitle title{};  ///< in the title line of all
  bool tested = true;    ///< else there is no test part, and pictures of one are left out
};

/// A picture with what a page says of it.
struct RunPicture {
  std::string name;  ///< of its files, without ending
  std::string title, caption;
  std::optional<Drawing> drawing{};  ///< none where a source is missing
  std::optional<Drawing> narrow{};   ///< the same for a phone, named "curves-narrow"; none where that would be no other
};

/// All pictures of a run, in the order of the report.
std::vector<RunPicture> draw_pictures(const PictureSources& sources);

/// The filters that `kernels` shows: those of a first layer that is a convolution; null when there is none.
const Tensor* first_kernel(const Network& network, const Parameters& parameters);

/// The names of all pictures, with that of augmentation or without it, and of those that a test alone gives.
std::vector<std::string> run_picture_names(bool augmented = false);
std::vector<std::string> evaluation_picture_names();

}  // namespace nib
