#include "parity/small_recording.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/files.h"
#include "formats/weights.h"
#include "model/network_json.h"

namespace nib {

std::shared_ptr<const Dataset> small_images() {
  Dataset images{.rows = 4, .columns = 4, .class_names = {"0", "1"}, .pixels = {}, .labels = {0, 1, 1, 0}};
  for (unsigned pixel = 0; pixel < 64; ++pixel) images.pixels.push_back(static_cast<std::uint8_t>(pixel * pixel));
  return std::make_shared<const Dataset>(std::move(images));
}

Network small_network() {
  return {.input = {.height = 4, .width = 4, .channels = 1},
          .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}};
}

std::unique_ptr<Engine> small_engine(const Parameters& parameters) {
  std::string note;
  std::unique_ptr<Engine> engine = make_engine("cpu", {.network = small_network(), .batch = 2}, note);
  engine->set_state(first_state(small_network(), parameters));
  return engine;
}

SmallRecording::SmallRecording() {
  const Parameters initial = initial_parameters(small_network(), 5);
  const std::unique_ptr<Engine> engine = small_engine(initial);
  const ImageSet images = engine->upload(small_images());
  std::vector<double> losses;
  engine->train(images, std::vector<std::uint32_t>{0, 1, 2, 3}, std::vector<double>{0.001, 0.002},
                [&](std::span<const StepResult> steps) {
                  for (const StepResult& step : steps) losses.push_back(step.loss / step.rows);
                  return Next::go_on;
                });
  write_file_atomically(
      *this / recording_file,
      fmt::format(R"({{"nib.recording": "1", "peer": "nib", "data": "mnist", "network": {}, "batch": 2,)"
                  R"( "order": [0, 1, 2, 3], "learning_rates": [0.001, 0.002], "losses": [{}, {}]}})",
                  network_json(small_network()), losses.at(0), losses.at(1)));
  write_weights(*this / recorded_start_file, small_network(), initial, "", {});
  write_weights(*this / recorded_end_file, small_network(), engine->state().parameters, "", {});
}

void SmallRecording::change(const std::string& from, const std::string& to) const {
  const std::vector<std::uint8_t> bytes = read_file(*this / recording_file, 1 << 20);
  std::string text(bytes.begin(), bytes.end());
  text.replace(text.find(from), from.size(), to);
  write_file_atomically(*this / recording_file, text);
}

std::string SmallRecording::refusal() const {
  try {
    read_recording(path());
    return "";
  } catch (const Error& error) {
    const std::string line = error.what(), folder = path().string() + "/";
    return line.starts_with(folder) ? line.substr(folder.size()) : line;
  }
}

}  // namespace nib
