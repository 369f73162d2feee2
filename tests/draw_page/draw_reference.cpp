// What nib itself makes of what the page is given, for the test in a browser.
//
// draw_reference network NETWORK PAGE: writes the page of a network with initial weights; on standard output a JSON
// line for each of ten random images: {"pixels": [...], "probabilities": [...]}.
// draw_reference score WEIGHTS FILE: writes the weights with a score that is fitted to MNIST.
// draw_reference prepare ROWS COLUMNS PICTURE...: a JSON line a picture: {"pixels": [...], "warnings": [...]}.

#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <span>
#include <stdexcept>

#include "base/files.h"
#include "base/notes.h"
#include "data/catalogue.h"
#include "draw_page/draw_page.h"
#include "encodings/json.h"
#include "images/preparation/prepare.h"
#include "inference/classifier.h"
#include "model/network_json.h"
#include "nib/training.h"
#include "score/fit.h"
#include "tests/places.h"

namespace nib {
namespace {

class NoNotes : public Notes {
 public:
  void say(std::string_view) override {}
  void warn(std::string_view line) override { throw std::runtime_error(std::string(line)); }
};

void network_reference(const std::string& network, const std::string& page) {
  constexpr int images = 10;
  NoNotes notes;
  WeightsFile model;
  model.network = load_network(network);
  model.parameters = initial_parameters(model.network, 1);
  write_file_atomically(page, draw_page(model, class_names_of(model), "", "0"));
  Classifier classifier(model, {.device = "cpu", .threads = 1}, 1, notes);
  std::mt19937 random(1);
  for (int image = 0; image < images; ++image) {
    std::vector<std::uint8_t> pixels(model.network.input.size());
    // Half of the pixels are blank, as in drawings.
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random() % 2 * (random() % 256));
    const std::vector<float> probabilities = classifier.probabilities(pixels);
    fmt::print("{{\"pixels\": [{}], \"probabilities\": [{}]}}\n", fmt::join(pixels, ","),
               fmt::join(probabilities, ","));
  }
}

void score_reference(const std::string& weights, const std::string& file) {
  const WeightsFile model = read_weights(weights);
  DataCollection mnist = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::both);
  const std::vector<std::string> names = mnist.training.class_names;
  const Split split = split_validation(std::move(mnist.training), 0.1);
  const FittedScore fitted = fit_score(model.network, model.parameters, *split.training, split.validation.get(), 2);
  if (!fitted.score || !fitted.score->judge) throw std::runtime_error("no score");
  write_file_atomically(
      file, weights_bytes(model.network, model.parameters, "mnist", names, file, 0, score_text(*fitted.score)));
}

void prepare_reference(std::size_t rows, std::size_t columns, std::span<char*> pictures) {
  for (const char* const picture : pictures) {
    const PreparedImage prepared =
        prepare_image(decode_image(read_file(picture, largest_image_file), picture), rows, columns, picture);
    fmt::print("{{\"pixels\": [{}], \"warnings\": {}}}\n", fmt::join(prepared.image.pixels, ","),
               json_line(Json(prepared.warnings)));
  }
}

int run(std::span<char*> arguments) {
  const std::string what = arguments.size() > 1 ? arguments[1] : "";
  if (what == "network" && arguments.size() == 4)
    network_reference(arguments[2], arguments[3]);
  else if (what == "score" && arguments.size() == 4)
    score_reference(arguments[2], arguments[3]);
  else if (what == "prepare" && arguments.size() > 4)
    prepare_reference(std::stoul(arguments[2]), std::stoul(arguments[3]), arguments.subspan(4));
  else
    return 2;
  return 0;
}

}  // namespace
}  // namespace nib

int main(int count, char** arguments) {
  try {
    return nib::run({arguments, static_cast<std::size_t>(count)});
  } catch (const std::exception& error) {
    fmt::print(stderr, "draw_reference: {}\n", error.what());
    return 1;
  }
}
