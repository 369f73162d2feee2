#include "inference/device.h"

#include <fmt/core.h>

#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "engines/device_name.h"
#include "engines/module/driver.h"
#include "engines/module/loader.h"
#include "machine/memory.h"

namespace nib {

std::string device_for_evaluation(const DeviceChoice& choice, std::size_t images, Notes& notes) {
  constexpr std::size_t most_images_on_cpu = 100'000;
  if (choice.device != "auto" || choice.precision == "tf32") return choice.device;
  if (!cuda::driver_is_installed()) return "cpu";
  if (images > most_images_on_cpu) return choice.device;
  notes.say(fmt::format("running on the CPU: no more than {} images ({} cuda takes a GPU all the same)\n",
                        with_commas(most_images_on_cpu), setting("device")));
  return "cpu";
}

bool never_takes_gpu(const DeviceChoice& choice) {
  return choice.device == "cpu" || (choice.device == "auto" && !cuda::driver_is_installed());
}

std::vector<std::jthread> warm_up_device(const DeviceChoice& choice) {
  std::vector<std::jthread> thread;
  const std::optional<DeviceName> name = parse_device_name(choice.device);
  if (name && name->kind != DeviceName::Kind::cpu && cuda::driver_is_installed())
    add_thread(thread, [number = name->number] { cuda::warm_up_cuda(number); });
  return thread;
}

std::unique_ptr<Engine> start_engine(const WeightsFile& model, const DeviceChoice& choice,
                                     const EngineTraining& training, Notes& notes) {
  std::optional<Precision> precision;
  if (!choice.precision.empty()) precision = choice.precision == "tf32" ? Precision::tf32 : Precision::fp32;
  const Kernels kernels = choice.kernels == "library" ? Kernels::library : Kernels::own;
  std::string note;
  std::unique_ptr<Engine> engine =
      make_engine(choice.device,
                  {.network = model.network,
                   .optimizer = training.optimizer,
                   .batch = training.batch,
                   .seed = training.seed,
                   .augmentation = training.augmentation,
                   .label_smoothing = training.label_smoothing,
                   .draw_parameters = false,  // the model has them
                   .precision = precision,
                   .cpu = {.threads = choice.threads, .memory = free_memory()},
                   .cuda = {.stream = choice.stream, .fast = choice.fast, .kernels = kernels},
                   .communicator = choice.communicator},
                  note);
  if (!note.empty()) notes.say(note + '\n');
  for (const std::string& each : engine->notes()) notes.warn(each);
  const bool on_cpu = engine->description().starts_with("cpu");
  if (choice.stream && on_cpu)
    notes.warn(setting("stream") + " is for CUDA devices: the CPU engine reads the images where they are");
  if (choice.fast && on_cpu)
    notes.warn(setting("fast") + " is for CUDA devices: the CPU engine has exact algorithms only");
  if (kernels == Kernels::library && on_cpu)
    notes.warn(setting("kernels") + " is for CUDA devices: the CPU engine runs nib's own code alone");
  if (on_cpu && engine->threads() < choice.threads)
    notes.warn(fmt::format("running on {} of {} threads: the system refuses more (a limit on processes or on memory)",
                           engine->threads(), choice.threads));
  engine->set_state(first_state(model.network, model.parameters, training.optimizer));
  return engine;
}

}  // namespace nib
