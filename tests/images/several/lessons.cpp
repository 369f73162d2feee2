#include "images/several/lessons.h"

#include <fmt/core.h>

#include <array>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "data/catalogue.h"
#include "images/several/costs.h"
#include "images/several/known_lines.h"
#include "images/several/view.h"
#include "tests/places.h"

namespace nib {
namespace {

struct Part {
  pages::Layout layout;
  float touching;  ///< -1: as the layout has it
  std::size_t count;
};
constexpr std::array lessons = {
    Part{pages::Layout::line, 0.35F, 4'000}, Part{pages::Layout::line, -1, 4'500},  Part{pages::Layout::cells, -1, 250},
    Part{pages::Layout::grid, -1, 400},      Part{pages::Layout::marks, -1, 1'500},
};

class Files {
 public:
  explicit Files(const std::filesystem::path& folder)
      : lines_(folder / "lines", std::ios::binary),
        candidates_(folder / "candidates", std::ios::binary),
        views_(folder / "views", std::ios::binary) {
    for (std::ofstream* file : {&lines_, &candidates_, &views_}) file->exceptions(std::ios::failbit | std::ios::badbit);
  }

  void add(KnownLine& line, const PieceReader& reader, const std::vector<int>& labels) {
    if (!line.can_be_right) return;
    const Costs costs(line.line.height);
    std::int32_t count = 0;
    for (std::size_t i = 0; i < line.right.size(); ++i) {
      Candidate& candidate = line.ways.candidates[i];
      candidate.digit.looks.reset();
      if (!line.right[i] && !candidate.left_out && !costs.worth_looking(candidate)) continue;
      add(candidate, line, i, labels, reader, costs);
      ++count;
    }
    write(lines_, std::array{static_cast<std::int32_t>(line.ways.borders), count});
  }

 private:
  void add(Candidate& candidate, const KnownLine& line, std::size_t i, const std::vector<int>& labels,
           const PieceReader& reader, const Costs& costs) {
    const bool right = line.right[i], is_digit = !candidate.left_out;
    write(candidates_, std::array{static_cast<float>(candidate.first), static_cast<float>(candidate.last),
                                  static_cast<float>(right), static_cast<float>(line.likeness[i]),
                                  static_cast<float>(right && is_digit ? labels[line.digits[i]] : -1),
                                  static_cast<float>(candidate.left_out)});
    Figures figures = costs.of_shape(candidate);
    std::vector<std::uint8_t> view(view_rows * view_columns);
    if (is_digit) {
      FoundDigit* const digit = &candidate.digit;
      reader.read(std::span(&digit, 1));
      const Figures of_reading = costs.of_reading(candidate.digit);
      for (std::size_t k = 0; k < figure_count; ++k) figures[k] += of_reading[k];
      view = view_of(candidate.digit.piece, reader.page(), line.line.height);
    }
    write(candidates_, std::vector<float>(figures.begin(), figures.end()));
    write(views_, view);
  }

  template <typename Numbers>
  static void write(std::ofstream& file, const Numbers& numbers) {
    file.write(reinterpret_cast<const char*>(numbers.data()),
               static_cast<std::streamsize>(numbers.size() * sizeof(numbers[0])));
  }

  std::ofstream lines_, candidates_, views_;
};

}  // namespace

void write_lessons(const std::filesystem::path& folder, std::uint64_t seed, const DigitReader& read) {
  constexpr std::size_t digits = 54'000;
  const Dataset training = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::both).training;
  std::filesystem::create_directories(folder);
  Files files(folder);
  const ReadingNetwork network{.read = read};
  for (const Part& part : lessons) {
    fmt::print(stderr, "{} pages of {}\n", part.count, pages::name(part.layout));
    for (std::size_t index = 0; index < part.count; ++index) {
      const pages::WrittenPage written = pages::written(training, 0, digits, part.layout, index, seed, part.touching);
      KnownPage page = known_page(written, read);
      for (std::size_t i = 0; i < page.lines.size(); ++i) {
        std::vector<int> labels;
        for (const pages::WrittenDigit& digit : written.lines[i]) labels.push_back(training.labels[digit.image]);
        files.add(page.lines[i], PieceReader(page.page, network), labels);
      }
    }
    ++seed;
  }
}

}  // namespace nib
