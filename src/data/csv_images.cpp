#include "data/csv_images.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/csv.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "data/csv_advice.h"
#include "data/folder_entries.h"
#include "data/idx.h"

namespace nib {
namespace {

constexpr std::size_t longest_line = std::size_t{largest_idx_side} * largest_idx_side * 8;  // bytes

/// What a cell says without blanks and quotes round it.
std::string_view bare(std::string_view cell) {
  constexpr std::string_view around = " \t\"'";
  const std::size_t begin = cell.find_first_not_of(around);
  if (begin == std::string_view::npos) return {};
  return cell.substr(begin, cell.find_last_not_of(around) - begin + 1);
}

/// A whole number from 0 to 255, also written as 5.0 or, as numpy.savetxt() does it, as 5.000e+00.
std::optional<std::uint8_t> small_number(std::string_view text) {
  if (text.empty() || text.front() == '-') return std::nullopt;
  const std::optional<double> number = parse_number(text);
  if (!number || *number > 255 || *number != std::floor(*number)) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

bool names_labels(const std::string& name) {
  constexpr std::array<std::string_view, 6> names = {"label", "labels", "class", "digit", "target", "y"};
  return std::ranges::find(names, lower_case(name)) != names.end();
}

/// Of a column that counts the images.
bool names_rows(const std::string& name) {
  constexpr std::array<std::string_view, 4> names = {"", "id", "index", "imageid"};
  const std::string lower = lower_case(name);
  return std::ranges::find(names, lower) != names.end() || lower.starts_with("unnamed:");
}

/// "pixel0" and "pixel1" are.
bool are_numbered_alike(const std::string& left, const std::string& right) {
  const auto word = [](const std::string& name) { return name.substr(0, name.find_last_not_of("0123456789") + 1); };
  return word(left) == word(right);
}

/// Where a cell ends that begins at `begin` of a line.
const char* end_of_cell(const char* begin, const char* end) {
  const auto* const comma = static_cast<const char*>(std::memchr(begin, ',', static_cast<std::size_t>(end - begin)));
  return comma == nullptr ? end : comma;
}

/// What a column is for.
enum class Use : std::uint8_t { pixel, label, nothing };

/// Takes the text in pieces and keeps what the rows hold.
class Reader {
 public:
  /// Of a file with so many bytes.
  Reader(std::string file, std::uint64_t bytes) : file_(std::move(file)), bytes_(bytes) {}

  void take(std::span<const std::uint8_t> piece) {
    std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
      if (begun_.empty()) {
        line(text.substr(0, end));
        continue;
      }
      begun_ += text.substr(0, end);
      line(begun_);
      begun_.clear();
    }
    begun_ += text;
    if (begun_.size() <= longest_line) return;
    ++number_;
    throw error("", {.problem = "line is too long",
                     .expected = "at most " + with_commas(longest_line) + " bytes",
                     .hint = hint_at_line_ends(begun_)});
  }

  CsvImages finish() {
    if (!begun_.empty()) line(std::exchange(begun_, {}));
    if (header_.empty() && !images_.labels.empty()) take_labels_from_the_end(images_);
    if (images_.count == 0)
      throw input_error({.file = file_, .problem = "has no images", .expected = "a row an image", .got = "no row"});
    return std::move(images_);
  }

 private:
  Error error(const std::string& column, Problem problem) const {
    problem.file = file_;
    problem.field = fmt::format("line {}{}", number_, column.empty() ? "" : ", column " + column);
    problem.got = printable(problem.got, 60);
    return input_error(std::move(problem));
  }

  std::string column_name(std::size_t column) const {
    const std::string number = std::to_string(column + 1);
    if (column >= header_.size()) return number;
    return fmt::format("{} ({})", number, header_[column].empty() ? "without a name" : printable(header_[column], 30));
  }

  void line(std::string_view text) {
    ++number_;
    if (number_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (bare(text).empty()) {
      ended_ = ended_ || columns_ != 0;
      return;
    }
    if (ended_) throw error("", {.problem = "a row behind an empty line", .expected = "rows without gaps"});
    if (columns_ != 0) return row(text);
    begin(text);
    if (header_.empty()) row(text);
  }

  /// Finds out from the first line what the columns are.
  void begin(std::string_view text) {
    columns_ = csv_columns(text);
    CsvCells cells(text);
    std::vector<std::string> names;
    bool numbers = true;
    while (!cells.ended()) {
      names.emplace_back(bare(cells.next()));
      numbers = numbers && small_number(names.back()).has_value();
    }
    uses_.assign(columns_, Use::pixel);
    if (!numbers) header_ = names;
    images_.named = !numbers;
    const auto is_word = [](const std::string& name) { return !name.empty() && !parse_number(name); };
    if (!numbers && (names.front().empty() || std::ranges::any_of(names, is_word))) {
      take_names();
    } else if (square_side(columns_ - 1)) {
      uses_.front() = Use::label;
    }
    pixels_ = static_cast<std::size_t>(std::ranges::count(uses_, Use::pixel));
    const auto side = square_side(pixels_);
    if (!side)
      throw error("", {.problem = "the columns are no square image, with or without a label",
                       .expected = "784 or 785 columns for images of 28 x 28 pixels",
                       .got = fmt::format("{} column{}", with_commas(columns_), columns_ == 1 ? "" : "s"),
                       .hint = hint_at_columns(text, pixels_, !header_.empty())});
    images_.side = *side;
  }

  /// Finds out from their names what the columns are.
  void take_names() {
    std::vector<std::string> labels, left_out;
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::string& name = header_[column];
      if (names_labels(name)) {
        uses_[column] = Use::label;
        labels.push_back(column_name(column));
      } else if (names_rows(name)) {
        uses_[column] = Use::nothing;
        left_out.push_back(column_name(column));
      }
    }
    if (labels.size() > 1)
      throw error("", {.problem = "several columns could be the labels", .expected = "one", .got = join_words(labels)});
    const std::size_t others = columns_ - labels.size() - left_out.size();
    if (labels.empty() && !square_side(others) && square_side(others - 1)) throw unknown_column();
    if (!labels.empty() && uses_.front() != Use::label) images_.columns += ", labels in column " + labels.front();
    if (!left_out.empty()) images_.columns += ", left out: column " + join_words(left_out);
  }

  /// One column too many for an image, and none is called as labels are.
  Error unknown_column() const {
    const auto first = static_cast<std::size_t>(std::ranges::find(uses_, Use::pixel) - uses_.begin());
    const std::size_t last = columns_ - 1;
    const bool is_last = first + 1 < last && are_numbered_alike(header_[first], header_[first + 1]);
    return error(column_name(is_last ? last : first),
                 {.problem = "cannot tell by its name whether it holds the labels",
                  .expected = "label, labels, class, digit, target or y, or no column but the pixels and an id",
                  .got = header_[is_last ? last : first]});
  }

  void row(std::string_view text) {
    if (images_.count == largest_idx_count)
      throw error("", {.problem = "too many rows", .expected = "at most " + with_commas(largest_idx_count)});
    make_room(text.size() + 1);
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t column = 0; column < columns_; ++column) {
      if (column > 0 && at == end + 1)
        throw error("", {.problem = "wrong number of columns",
                         .expected = std::to_string(columns_),
                         .got = std::to_string(csv_columns(text))});
      const char* const begin = at;
      if (uses_[column] == Use::nothing) {
        at = end_of_cell(begin, end) + 1;
        continue;
      }
      unsigned value = 0;
      while (at != end && *at >= '0' && *at <= '9' && value <= 255) value = 10 * value + unsigned(*at++ - '0');
      if (at == begin || value > 255 || (at != end && *at != ',')) {
        at = end_of_cell(begin, end);
        value = unusual(std::string_view(begin, static_cast<std::size_t>(at - begin)), column);
      }
      (uses_[column] == Use::label ? images_.labels : images_.pixels).push_back(static_cast<std::uint8_t>(value));
      ++at;  // the comma, or what would be one behind the end
    }
    if (at != end + 1)
      throw error("", {.problem = "wrong number of columns",
                       .expected = std::to_string(columns_),
                       .got = std::to_string(csv_columns(text))});
    ++images_.count;
  }

  /// For as many rows as the file has by what was read of it so far. Doubling would take twice the memory.
  void make_room(std::size_t row_bytes) {
    read_ += row_bytes;
    std::vector<std::uint8_t>& pixels = images_.pixels;
    const std::size_t image = pixels_;
    if (pixels.size() + image <= pixels.capacity()) return;
    const double rows =
        1.02 * static_cast<double>(images_.count + 1) * static_cast<double>(bytes_) / static_cast<double>(read_);
    pixels.reserve(std::max(pixels.size() + 64 * image, image * static_cast<std::size_t>(rows)));
  }

  /// A cell that is more than some digits.
  std::uint8_t unusual(std::string_view cell, std::size_t column) const {
    if (const auto number = small_number(bare(cell))) return *number;
    const bool label = uses_[column] == Use::label;
    throw error(column_name(column), {.problem = cell.empty() ? "empty"
                                                 : label      ? "no label"
                                                              : "no pixel",
                                      .expected = "a whole number from 0 to 255",
                                      .got = std::string(cell),
                                      .hint = hint_at_cell(bare(cell), label)});
  }

  std::string file_;
  std::uint64_t bytes_ = 0, read_ = 0;  // read_: in rows
  std::string begun_;                   // a line whose end is not there yet
  std::size_t number_ = 0, columns_ = 0;
  std::vector<std::string> header_;
  std::vector<Use> uses_;   // of each column
  std::size_t pixels_ = 0;  // columns of them
  bool ended_ = false;      // nothing but empty lines may follow
  CsvImages images_;
};

}  // namespace

bool may_be_csv(std::span<const std::uint8_t> beginning) {
  constexpr std::ptrdiff_t few = 3;
  const auto end = std::ranges::find(beginning, std::uint8_t{'\n'});
  const std::span<const std::uint8_t> line(beginning.begin(), end);
  const bool is_text =
      std::ranges::none_of(line, [](std::uint8_t byte) { return byte < ' ' && byte != '\t' && byte != '\r'; });
  return is_text && std::ranges::count(line, std::uint8_t{','}) >= few;
}

CsvImages read_csv_images(const std::filesystem::path& path) {
  std::error_code unreadable;  // reading says why
  const std::uintmax_t bytes = std::filesystem::file_size(path, unreadable);
  Reader reader(path.string(), unreadable ? 0 : bytes);
  read_in_pieces(path, largest_csv_file, [&](std::span<const std::uint8_t> piece) { reader.take(piece); });
  return reader.finish();
}

}  // namespace nib
