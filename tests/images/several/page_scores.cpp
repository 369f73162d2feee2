#include "images/several/page_scores.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "data/catalogue.h"
#include "images/preparation/prepare.h"
#include "support/golden.h"
#include "tests/places.h"

namespace nib {
namespace {

constexpr std::size_t side = 28, classes = 10;

int likeliest(std::span<const float> probabilities) {
  return static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin());
}

double lines_right_with(std::size_t right, std::size_t digits, const std::vector<std::size_t>& lengths) {
  const double probability = static_cast<double>(right) / static_cast<double>(digits);
  double sum = 0;
  for (const std::size_t length : lengths) sum += std::pow(probability, static_cast<double>(length));
  return sum;
}

double area(const Box& box) { return static_cast<double>(box.rows * box.columns); }

bool is_read_alone(const pages::WrittenDigit& digit, const KerasReader& read) {
  try {
    const std::vector<float> probabilities = read({{prepare_image(digit.alone, side, side, "alone").image}});
    return likeliest(probabilities) == mnist().labels[digit.image];
  } catch (const Error&) {
    return false;
  }
}

bool has_touching(const pages::WrittenPage& page) {
  return std::ranges::any_of(page.lines, [](const auto& line) {
    return std::ranges::any_of(line, [](const pages::WrittenDigit& digit) { return digit.touches; });
  });
}

}  // namespace

double part(std::size_t count, std::size_t all) { return static_cast<double>(count) / static_cast<double>(all); }

double likeness(const Box& one, const Box& other) {
  const auto shared = static_cast<double>(overlap(one.row, one.rows, other.row, other.rows) *
                                          overlap(one.column, one.columns, other.column, other.columns));
  return shared / (area(one) + area(other) - shared);
}

const Dataset& mnist() {
  static const Dataset set = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::test_only).test;
  return set;
}

KerasReader::KerasReader() : network_(digits_network()), engine_(make_engine("cpu", {.network = network_}, note_)) {
  engine_->set_state(first_state(network_, golden::parameters("keras/trained.safetensors")));
}

std::vector<float> KerasReader::operator()(std::span<const NetworkImage> images) const {
  Dataset set{side, side, mnist().class_names, {}, {}};
  for (const NetworkImage& image : images)
    set.pixels.insert(set.pixels.end(), image.pixels.begin(), image.pixels.end());
  std::vector<float> probabilities(images.size() * classes);
  const ImageSet uploaded = engine_->upload(std::make_shared<const Dataset>(std::move(set)));
  engine_->evaluate(uploaded, probabilities, {});
  return probabilities;
}

void PageScore::add(const PageScore& other) {
  lines += other.lines;
  segmented += other.segmented;
  right += other.right;
  digits += other.digits;
  single_right += other.single_right;
  drawn += other.drawn;
  drawn_right += other.drawn_right;
  segmented_digits += other.segmented_digits;
  segmented_right += other.segmented_right;
  lengths.insert(lengths.end(), other.lengths.begin(), other.lengths.end());
}

double PageScore::lines_that_single_digits_allow() const { return lines_right_with(single_right, digits, lengths); }
double PageScore::lines_that_drawn_digits_allow() const { return lines_right_with(drawn_right, drawn, lengths); }

void print(const char* what, const PageScore& score) {
  fmt::print(
      "{:<22}{:>5} lines  segmented {:.2f} %  right {:.2f} %  singles allow {:.2f} %  digits {:.2f} %, single {:.2f} "
      "%\n",
      what, score.lines, 100 * part(score.segmented, score.lines), 100 * part(score.right, score.lines),
      100 * score.lines_that_single_digits_allow() / static_cast<double>(score.lines),
      100 * part(score.segmented_right, score.segmented_digits), 100 * part(score.single_right, score.digits));
  if (score.drawn > 0)
    fmt::print("{:<22}drawn alone {:.2f} %, which allows {:.2f} %\n", "", 100 * part(score.drawn_right, score.drawn),
               100 * score.lines_that_drawn_digits_allow() / static_cast<double>(score.lines));
}

PageScore score_of(const pages::WrittenPage& page, const DigitsOnPage& found, const KerasReader& read) {
  constexpr double alike = 0.5;
  PageScore score;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const std::vector<pages::WrittenDigit>& written = page.lines[i];
    score.lines += 1;
    score.digits += written.size();
    score.lengths.push_back(written.size());
    std::vector<NetworkImage> own;
    for (const pages::WrittenDigit& digit : written)
      own.push_back({side, side, {mnist().image(digit.image), mnist().image(digit.image + 1)}});
    const std::vector<float> alone = read(own);
    for (std::size_t k = 0; k < written.size(); ++k)
      score.single_right +=
          likeliest(std::span(alone).subspan(k * classes, classes)) == mnist().labels[written[k].image];
    for (const pages::WrittenDigit& digit : written) {
      if (digit.alone.light.empty()) continue;
      ++score.drawn;
      score.drawn_right += is_read_alone(digit, read);
    }
    if (found.lines.size() != page.lines.size() || found.lines[i].size() != written.size()) continue;
    bool segmented = true;
    std::size_t right = 0;
    for (std::size_t k = 0; k < written.size(); ++k) {
      segmented &= likeness(written[k].box, found.lines[i][k].box) >= alike;
      right += likeliest(found.lines[i][k].probabilities) == mnist().labels[written[k].image];
    }
    if (!segmented) continue;
    score.segmented += 1;
    score.right += right == written.size();
    score.segmented_digits += written.size();
    score.segmented_right += right;
  }
  return score;
}

PageScore score_pages(pages::Layout layout, std::size_t count, std::size_t first, std::size_t last, std::uint64_t seed,
                      const KerasReader& read, bool touching_pages, bool alone) {
  PageScore sum;
  for (std::size_t index = 0; index < count; ++index) {
    const pages::WrittenPage page = pages::written(mnist(), first, last, layout, index, seed, -1, alone);
    if (has_touching(page) != touching_pages) continue;
    sum.add(score_of(page, find_digits(page.picture, {.read = std::cref(read)}, "page"), read));
  }
  return sum;
}

}  // namespace nib
