#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/notes.h"
#include "formats/weights.h"
#include "nib/communicator.h"
#include "nib/engine.h"

namespace nib {

/// What a user wants to compute on.
struct DeviceChoice {
  std::string device = "auto";  ///< as make_engine() takes it
  std::string precision{};      ///< "fp32", "tf32", or empty: the device's own default
  unsigned threads = 1;         ///< on the CPU
  std::string kernels = "own";  ///< or "library": of CUDA devices, as what follows, see EngineOptions
  bool stream = false, fast = false;
  Communicator* communicator = nullptr;  ///< of the ranks that compute together; none: this process alone
};

/// What "auto" means where a model is only tested: the CPU for few images, which it has done before a GPU is ready, and
/// where there is no NVIDIA driver; TF32 asks for a GPU. Other names stay as they are.
std::string device_for_evaluation(const DeviceChoice& choice, std::size_t images, Notes& notes);

/// Whether such a device is the CPU, whatever there is: by its name, or as there is no NVIDIA driver. Its engine takes
/// packed sets, see pack_images().
bool never_takes_gpu(const DeviceChoice& choice);

/// Begins what start_engine() would need long for before a GPU computes (its context, its libraries), in a thread that
/// runs while data are read. To be joined, as its end does, before start_engine(), which tells what failed there. No
/// thread where no GPU is wanted, there is no NVIDIA driver or the system refuses one: then start_engine() does it all.
std::vector<std::jthread> warm_up_device(const DeviceChoice& choice);

/// How an engine is to train, see EngineOptions.
struct EngineTraining {
  Optimizer optimizer{};
  std::uint32_t batch = 128;
  std::uint64_t seed = 0;
  Augmentation augmentation{};
  double label_smoothing = 0;
};

/// An engine that has the model's weights and no step behind it. Tells what the choice came down to where that may
/// surprise. Throws Error, see make_engine().
std::unique_ptr<Engine> start_engine(const WeightsFile& model, const DeviceChoice& choice,
                                     const EngineTraining& training, Notes& notes);

}  // namespace nib
