#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "commands/program.h"

namespace nib {

/// A folder to work in, with a small data set `set` that takes milliseconds to train on: synthetic images of ten
/// classes, 150 to train on and 100 to test with.
class SmallSetFolder : public TemporaryFolder {
 public:
  SmallSetFolder();
};

constexpr std::uint32_t small_training_images = 150, small_test_images = 100;

/// A network file for it. Dropout makes the bits depend on the step.
inline constexpr const char* dropout_network = R"({"input": [28, 28, 1], "layers": [
    {"type": "max_pool", "size": [4, 4]}, {"type": "dropout", "rate": 0.3}, {"type": "flatten"},
    {"type": "dense", "units": 10, "activation": "softmax"}]})";

/// Writes the four IDX files of a synthetic set.
void write_set(const std::filesystem::path& folder, std::uint32_t rows, std::uint32_t columns, std::uint32_t training,
               std::uint32_t test, std::uint32_t classes = 10);

/// The arguments of a training run on the small set: two epochs of five steps on one thread, and what is given.
std::vector<std::string> drawn_training(const std::vector<std::string>& more = {});
/// The same without pictures and report, which take longer than all the rest.
std::vector<std::string> small_training(const std::vector<std::string>& more = {});

/// What stands behind `label` in its line; empty when there is no such line.
std::string value_of(const std::string& text, const std::string& label);

}  // namespace nib
