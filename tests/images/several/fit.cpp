// several_fit whole: writes src/images/several/whole_digit_weights.h to standard output, of MNIST's training digits.
// several_fit costs: prints the weights of src/images/several/costs.cpp, of the test's digits 0 to 4,999.

#include <fmt/core.h>

#include <functional>
#include <string_view>

#include "images/several/fit_costs.h"
#include "images/several/learn_whole.h"

namespace {

using namespace nib;

constexpr std::size_t last_tuned = 5'000;
constexpr std::uint64_t tuning_seed = 1;

/// Lines of which digits touch, and half of the others, which count twice.
Figures costs(const DigitReader& read) {
  constexpr std::size_t pages = 1'100, steps = 600;
  std::vector<FiguredLine> lines;
  std::size_t apart = 0;
  for (std::size_t index = 0; index < pages; ++index) {
    const KnownPage page =
        known_page(pages::written(mnist(), 0, last_tuned, pages::Layout::line, index, tuning_seed), read);
    for (const KnownLine& line : page.lines) {
      if (!line.touching && apart++ % 2 != 0) continue;
      lines.push_back(figured(line));
      if (!line.touching) lines.push_back(lines.back());
    }
  }
  return fitted_weights(lines, steps);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count == 2 ? arguments[1] : "";
  const KerasReader reader;
  const DigitReader read = std::cref(reader);
  if (what == "whole") {
    constexpr std::size_t pages = 4'000;
    constexpr std::uint32_t epochs = 12;
    fmt::print("{}", learnt_weights(pages, epochs));
  } else if (what == "costs") {
    for (const double weight : costs(read)) fmt::print("{:.2f}\n", weight);
  } else {
    fmt::print(stderr, "several_fit whole|costs\n");
    return 2;
  }
  return 0;
}
