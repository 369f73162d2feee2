// Every picture against a small reference of its own, which was looked at: the image by a measure that forgives other
// versions of fonts and Cairo, the texts of the SVG word for word. NIB_UPDATE_PICTURES=1 writes new references.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <ostream>
#include <regex>

#include "base/files.h"
#include "drawing/decoded_png.h"
#include "drawing/png.h"
#include "drawing/png_file.h"
#include "drawing/svg.h"
#include "pictures/compare_curves.h"
#include "pictures/example.h"
#include "pictures/picture_title.h"
#include "pictures/pictures.h"
#include "support/golden.h"

namespace nib {
namespace {

constexpr std::size_t reference_columns = 120;

struct PictureCase {
  std::string name;
  std::function<Drawing(const ExampleRun&)> draw;
};

void PrintTo(const PictureCase& picture, std::ostream* stream) { *stream << picture.name; }

Drawing samples(const ExampleRun& run) {
  std::vector<std::size_t> indices(9);
  std::iota(indices.begin(), indices.end(), std::size_t{1});
  return samples_picture(run.images, indices);
}

Drawing one_epoch(const ExampleRun& run) {
  History history{run.history.front()};
  history.front().validation_loss.reset();
  history.front().validation_accuracy.reset();
  return curves_picture(history, best_epoch(history, usual_monitor(history)));
}

/// Forty steps an epoch around its figures, the first ones far from them.
Drawing curves_with_steps(const ExampleRun& run) {
  StepCurve steps;
  for (std::uint32_t step = 0; step < 200; ++step) {
    const EpochResult& epoch = run.history[step / 40];
    const double loss = epoch.loss * (0.7 + 0.1 * (step * step % 7)) + 2 / (1.0 + step);
    steps.add({.step = step + 1, .rows = 100, .correct = 100 - step * step % 11, .loss = 100 * loss});
  }
  return curves_picture(run.history, best_epoch(run.history, usual_monitor(run.history)), &steps);
}

Drawing eight_runs(const ExampleRun& run) {
  std::vector<History> histories(8, run.history);
  std::vector<NamedHistory> named;
  for (std::size_t i = 0; i < histories.size(); ++i) {
    for (EpochResult& epoch : histories[i]) {
      *epoch.validation_loss *= 1 + 0.1 * static_cast<double>(i);
      *epoch.validation_accuracy -= 0.004 * static_cast<double>(i);
    }
    named.push_back({"2026-11-22-18021" + std::to_string(i), histories[i]});
  }
  return compare_curves_picture(named);
}

const std::vector<std::string> words{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                     "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

Drawing predictions_in_words(const ExampleRun& run) {
  Dataset images = run.images;
  images.class_names = words;
  return predictions_picture(images, run.predictions);
}

std::vector<PictureCase> cases() {
  return {
      {"samples", samples},
      {"augmentation",
       [](const ExampleRun& run) {
         return augmentation_picture(run.images, {.shift = 2, .rotate = 20, .scale = 0.2}, 3);
       }},
      {"augmentation-narrow",
       [](const ExampleRun& run) { return augmentation_picture(run.images, {.shift = 3.5}, 3, Sheet::narrow); }},
      {"curves",
       [](const ExampleRun& run) {
         return curves_picture(run.history, best_epoch(run.history, usual_monitor(run.history)));
       }},
      {"curves-with-steps", curves_with_steps},
      {"curves-one-epoch", one_epoch},
      {"compare-curves", eight_runs},
      {"predictions", [](const ExampleRun& run) { return predictions_picture(run.images, run.predictions); }},
      {"predictions-in-words", predictions_in_words},
      {"predictions-narrow",
       [](const ExampleRun& run) { return predictions_picture(run.images, run.predictions, Sheet::narrow); }},
      {"confusion", [](const ExampleRun& run) { return confusion_picture(run.predictions, run.images.class_names); }},
      {"confusion-in-words", [](const ExampleRun& run) { return confusion_picture(run.predictions, words); }},
      {"confusion-narrow",
       [](const ExampleRun& run) { return confusion_picture(run.predictions, run.images.class_names, Sheet::narrow); }},
      {"mistakes", [](const ExampleRun& run) { return mistakes_picture(run.images, run.predictions); }},
      {"per-class", [](const ExampleRun& run) { return per_class_picture(run.predictions, run.images.class_names); }},
      {"calibration", [](const ExampleRun& run) { return calibration_picture(run.predictions); }},
      {"kernels",
       [](const ExampleRun&) { return kernels_picture(golden::parameters("keras/trained.safetensors").tensors[0]); }},
  };
}

std::filesystem::path reference(const std::string& name) { return golden::path("pictures/" + name); }

bool updates() { return std::getenv("NIB_UPDATE_PICTURES") != nullptr; }

/// What stands in the SVG's text elements, a line each.
std::string svg_texts(const std::string& svg) {
  static const std::regex element("<text[^>]*>([^<]*)<");
  std::string lines;
  for (std::sregex_iterator match(svg.begin(), svg.end(), element), end; match != end; ++match)
    lines += (*match)[1].str() + '\n';
  return lines;
}

std::string text_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class References : public testing::TestWithParam<PictureCase> {
 protected:
  static const ExampleRun& run() {
    static const ExampleRun example;
    return example;
  }
  static Drawing drawing() { return with_title(GetParam().draw(run()), {"Example", "digits network", "run 1"}); }
};

TEST_P(References, LooksAsItsReference) {
  const DecodedPng picture = shrunk(decode_png(to_png(drawing())), reference_columns);
  const std::filesystem::path path = reference(GetParam().name + ".png");
  if (updates()) write_file_atomically(path, encode_png(picture.rgb, picture.rows, picture.columns, PixelFormat::rgb));
  const DecodedPng wanted = decode_png(read_file(path, 1 << 20));
  ASSERT_EQ(picture.rows, wanted.rows);
  ASSERT_EQ(picture.columns, wanted.columns);
  double sum = 0, largest = 0;
  for (std::size_t i = 0; i < wanted.rgb.size(); ++i) {
    const double difference = std::abs(wanted.rgb[i] - picture.rgb[i]);
    sum += difference;
    largest = std::max(largest, difference);
  }
  // Of 255. A missing or a stray line is above, text in another version of the font below.
  EXPECT_LT(sum / static_cast<double>(wanted.rgb.size()), 1.0);
  EXPECT_LT(largest, 60);
}

TEST_P(References, SaysWhatItsReferenceSays) {
  const std::string texts = svg_texts(to_svg(drawing()));
  const std::filesystem::path path = reference(GetParam().name + ".txt");
  if (updates()) write_file_atomically(path, texts);
  EXPECT_EQ(texts, text_file(path));
}

TEST_P(References, KeepsItsTextsOnTheSheet) {
  const Drawing picture = drawing();
  for (const Element& element : picture.elements)
    if (const Text* text = std::get_if<Text>(&element.shape)) {
      EXPECT_GE(text->at.x, 0) << text->text;
      EXPECT_LE(text->at.x, picture.width) << text->text;
      EXPECT_GE(text->at.y, 0) << text->text;
      EXPECT_LE(text->at.y, picture.height) << text->text;
    }
}

INSTANTIATE_TEST_SUITE_P(Pictures, References, testing::ValuesIn(cases()), [](const auto& case_info) {
  std::string name = case_info.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace nib
