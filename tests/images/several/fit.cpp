// several_fit lessons FOLDER SEED: writes what tools/several/learn_looks learns from, of MNIST's training digits.
// several_fit costs: prints the weights of src/images/several/costs.cpp, of training digits that the reading network
// was not trained on.
// several_fit score SEED: how well 500 lines of the test's digits 5,000 to 9,999 are read that are drawn with this
// seed.

#include <fmt/core.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "data/catalogue.h"
#include "images/several/fit_costs.h"
#include "images/several/lessons.h"
#include "tests/places.h"

namespace {

using namespace nib;

Figures costs(const DigitReader& read) {
  constexpr std::size_t first = 54'000, last = 60'000, pages = 2'000, pages_with_marks = 300, steps = 600;
  constexpr std::uint64_t seed = 21;
  const Dataset training = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::both).training;
  std::vector<FiguredLine> lines;
  const auto add = [&](pages::Layout layout, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index)
      for (const KnownLine& line : known_page(pages::written(training, first, last, layout, index, seed), read).lines)
        lines.push_back(figured(line));
  };
  add(pages::Layout::line, pages);
  add(pages::Layout::marks, pages_with_marks);
  return fitted_weights(lines, steps);
}

void score(std::uint64_t seed, const KerasReader& read) {
  constexpr std::size_t pages = 500, first = 5'000, last = 10'000;
  PageScore all = score_pages(pages::Layout::line, pages, first, last, seed, read, false, true);
  print("lines, none touching", all);
  const PageScore touching = score_pages(pages::Layout::line, pages, first, last, seed, read, true, true);
  print("lines, some touching", touching);
  all.add(touching);
  print("all lines", all);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  const KerasReader reader;
  const DigitReader read = std::cref(reader);
  if (what == "lessons" && count == 4) {
    write_lessons(arguments[2], std::strtoull(arguments[3], nullptr, 10), read);
  } else if (what == "costs" && count == 2) {
    for (const double weight : costs(read)) fmt::print("{:.2f}\n", weight);
  } else if (what == "score" && count == 3) {
    score(std::strtoull(arguments[2], nullptr, 10), reader);
  } else {
    fmt::print(stderr, "several_fit lessons FOLDER SEED | costs | score SEED\n");
    return 2;
  }
  return 0;
}
