#include "commands/convert/check_images.h"

#include <utility>

#include "base/error.h"
#include "data/known_sets.h"
#include "nib/arithmetic/philox.h"

namespace nib {
namespace {

constexpr std::size_t most_images = 100;

/// Passes over what need not be known of a set that nobody asked for.
class NoNotes : public Notes {
 public:
  void say(std::string_view) override {}
  void warn(std::string_view) override {}
};

CheckImages from_set(const WeightsFile& model, const std::string& data, Notes& notes) {
  DataCollection source =
      load_data_for(model.network, {.data = data, .limit = most_images}, DataParts::test_only, notes);
  source.test.labels.clear();
  return {std::move(source.test), "test images of " + source.title};
}

CheckImages made(const Network& network) {
  constexpr std::uint64_t seed = 0;
  const Shape& input = network.input;
  Dataset images{.rows = input.height, .columns = input.width, .class_names = {}, .pixels = {}, .labels = {}};
  images.pixels.resize(most_images * input.height * input.width);
  for (std::size_t pixel = 0; pixel < images.pixels.size(); ++pixel)
    images.pixels[pixel] = static_cast<std::uint8_t>(random_word(seed, RandomUse::initial_values, 0, 0, pixel) >> 24);
  return {std::move(images), "images of noise"};
}

}  // namespace

CheckImages choose_check_images(const WeightsFile& model, const std::string& data, Notes& notes) {
  if (!data.empty()) return from_set(model, data, notes);
  const std::string name = model.data.empty() ? "mnist" : model.data;
  if (find_known_set(name) == nullptr) return made(model.network);
  try {
    NoNotes none;
    return from_set(model, name, none);
  } catch (const Error&) {
    return made(model.network);
  }
}

}  // namespace nib
