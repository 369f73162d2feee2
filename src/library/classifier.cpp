#include "inference/classifier.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "inference/own_image.h"
#include "library/call.h"
#include "library/engine.h"

using namespace nib::library;

namespace {

constexpr std::uint32_t rows_at_a_time = 128;

nib::WeightsFile opened(const std::string& weights, Warnings& warnings) {
  return nib::open_model({.weights = weights}, 0, warnings);
}

nib::DeviceChoice for_answers(nib::DeviceChoice choice, Warnings& warnings) {
  choice.device = nib::device_for_evaluation(choice, 0, warnings);
  return choice;
}

}  // namespace

struct nib_classifier {
  nib_classifier(const nib::DeviceChoice& choice, const std::string& weights)
      : classifier(opened(weights, warnings), for_answers(choice, warnings), rows_at_a_time, warnings),
        trust(classifier),
        class_names(nib::class_names_of(classifier.model())),
        device(classifier.description()) {
    for (const std::string& name : class_names) printable_names.push_back(nib::printable(name));
  }

  const nib::Shape& input() const { return classifier.model().network.input; }

  Warnings warnings;
  std::mutex mutex;  ///< held by who asks the two below: an engine works for one caller at a time
  nib::Classifier classifier;
  nib::Trust trust;
  const std::vector<std::string> class_names;
  const std::string device;
  std::vector<std::string> printable_names;
};

struct nib_prediction {
  std::uint32_t likeliest = 0;
  std::vector<float> probabilities;
  std::string warnings;
  std::vector<std::uint8_t> pixels;
};

namespace {

std::unique_ptr<nib_prediction> predict(nib_classifier& asked, std::span<const std::uint8_t> bytes,
                                        const std::string& source) {
  const std::lock_guard lock(asked.mutex);
  nib::OwnImage image = nib::read_image(bytes, source, false, asked.class_names, asked.classifier, asked.trust);
  auto prediction = std::make_unique<nib_prediction>();
  const auto likeliest = std::ranges::max_element(image.probabilities);
  prediction->likeliest = static_cast<std::uint32_t>(likeliest - image.probabilities.begin());
  prediction->probabilities = std::move(image.probabilities);
  Warnings warnings;
  for (const std::string& line : image.prepared.warnings) warnings.warn(line);
  prediction->warnings = warnings.text();
  prediction->pixels = std::move(image.prepared.image.pixels);
  return prediction;
}

}  // namespace

nib_status nib_classifier_new(const nib_engine* engine, const char* weights, nib_classifier** classifier) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(engine, "engine");
    call.needs(classifier, "classifier");
    *classifier = std::make_unique<nib_classifier>(engine->choice, call.text(weights, "weights")).release();
  });
}

void nib_classifier_free(nib_classifier* classifier) { delete classifier; }

uint32_t nib_classifier_rows(const nib_classifier* classifier) {
  return answered(__func__, std::uint32_t{0}, [&](const Call& call) {
    call.needs(classifier, "classifier");
    return classifier->input().height;
  });
}

uint32_t nib_classifier_columns(const nib_classifier* classifier) {
  return answered(__func__, std::uint32_t{0}, [&](const Call& call) {
    call.needs(classifier, "classifier");
    return classifier->input().width;
  });
}

uint32_t nib_classifier_classes(const nib_classifier* classifier) {
  return answered(__func__, std::uint32_t{0}, [&](const Call& call) {
    call.needs(classifier, "classifier");
    return static_cast<std::uint32_t>(classifier->class_names.size());
  });
}

const char* nib_classifier_class_name(const nib_classifier* classifier, uint32_t class_index) {
  return answered(__func__, static_cast<const char*>(nullptr), [&](const Call& call) {
    call.needs(classifier, "classifier");
    const std::size_t classes = classifier->printable_names.size();
    if (class_index >= classes)
      call.refuse("class_index", "no such class", fmt::format("0 to {}", classes - 1), std::to_string(class_index));
    return classifier->printable_names[class_index].c_str();
  });
}

const char* nib_classifier_device(const nib_classifier* classifier) {
  return answered(__func__, "", [&](const Call& call) {
    call.needs(classifier, "classifier");
    return classifier->device.c_str();
  });
}

const char* nib_classifier_warnings(const nib_classifier* classifier) {
  return answered(__func__, "", [&](const Call& call) {
    call.needs(classifier, "classifier");
    return classifier->warnings.text().c_str();
  });
}

nib_status nib_classifier_probabilities(nib_classifier* classifier, const uint8_t* pixels, size_t pixel_count,
                                        float* probabilities, size_t probability_count) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(classifier, "classifier");
    const nib::Shape& input = classifier->input();
    const std::size_t size = input.size(), classes = classifier->class_names.size();
    if (pixel_count == 0 || pixel_count % size != 0)
      call.refuse("pixel_count", "no whole images of the network's size",
                  fmt::format("a multiple of {} ({} rows of {})", size, input.height, input.width),
                  std::to_string(pixel_count));
    if (probability_count != pixel_count / size * classes)
      call.refuse("probability_count", "not one for each image and class", std::to_string(pixel_count / size * classes),
                  std::to_string(probability_count));
    call.needs(pixels, "pixels");
    call.needs(probabilities, "probabilities");
    const std::lock_guard lock(classifier->mutex);
    std::ranges::copy(classifier->classifier.probabilities({pixels, pixel_count}), probabilities);
  });
}

nib_status nib_classifier_predict_file(nib_classifier* classifier, const char* file, nib_prediction** prediction) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(classifier, "classifier");
    call.needs(prediction, "prediction");
    const std::string path = call.text(file, "file");
    *prediction = predict(*classifier, nib::read_file(path, nib::largest_image_file), path).release();
  });
}

nib_status nib_classifier_predict_bytes(nib_classifier* classifier, const void* bytes, size_t byte_count,
                                        const char* name, nib_prediction** prediction) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(classifier, "classifier");
    call.needs(bytes, "bytes");
    call.needs(prediction, "prediction");
    if (byte_count > nib::largest_image_file)
      call.refuse("byte_count", "too large for an image file",
                  fmt::format("at most {} bytes", nib::with_commas(nib::largest_image_file)),
                  nib::with_commas(byte_count));
    const std::span image(static_cast<const std::uint8_t*>(bytes), byte_count);
    *prediction = predict(*classifier, image, call.text(name, "name")).release();
  });
}

void nib_prediction_free(nib_prediction* prediction) { delete prediction; }

uint32_t nib_prediction_class(const nib_prediction* prediction) {
  return answered(__func__, std::uint32_t{0}, [&](const Call& call) {
    call.needs(prediction, "prediction");
    return prediction->likeliest;
  });
}

float nib_prediction_probability(const nib_prediction* prediction, uint32_t class_index) {
  return answered(__func__, std::numeric_limits<float>::quiet_NaN(), [&](const Call& call) {
    call.needs(prediction, "prediction");
    const std::size_t classes = prediction->probabilities.size();
    if (class_index >= classes)
      call.refuse("class_index", "no such class", fmt::format("0 to {}", classes - 1), std::to_string(class_index));
    return prediction->probabilities[class_index];
  });
}

const char* nib_prediction_warnings(const nib_prediction* prediction) {
  return answered(__func__, "", [&](const Call& call) {
    call.needs(prediction, "prediction");
    return prediction->warnings.c_str();
  });
}

nib_status nib_prediction_pixels(const nib_prediction* prediction, uint8_t* pixels, size_t pixel_count) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(prediction, "prediction");
    call.needs(pixels, "pixels");
    if (pixel_count != prediction->pixels.size())
      call.refuse("pixel_count", "not the network's image", std::to_string(prediction->pixels.size()),
                  std::to_string(pixel_count));
    std::ranges::copy(prediction->pixels, pixels);
  });
}
