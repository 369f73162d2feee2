#include "hdf5/pieces.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "base/handed_back.h"
#include "base/text.h"

namespace nib::hdf5 {
namespace {

enum class Kind : std::uint64_t { array = 1, texts, error, end };

constexpr std::size_t most_pieces = 10'000, longest_text = std::size_t{4} << 20, longest_shown = 300;
constexpr std::uint64_t longest_array = std::uint64_t{1} << 32;  ///< numbers, more than there ever are

/// The child's words for the user.
std::string shown(const std::string& text) { return printable(text, longest_shown); }

class PieceReader : HandedBack {
 public:
  PieceReader(std::span<const std::uint8_t> bytes, const std::string& source)
      : HandedBack(bytes, source, "HDF5", "reads") {}

  Hdf5Content content() {
    Hdf5Content content;
    std::set<std::string> paths;
    for (std::size_t pieces = 0; pieces < most_pieces; ++pieces) {
      switch (Kind{number()}) {
        case Kind::array:
          content.arrays.push_back(array());
          if (!paths.insert(content.arrays.back().path).second) throw senseless();
          break;
        case Kind::texts:
          content.attributes.push_back(texts());
          break;
        case Kind::error:
          throw error();
        case Kind::end:
          if (left() > 0) throw senseless();
          return content;
        default:
          throw senseless();
      }
    }
    throw senseless();
  }

 private:
  template <typename Number>
  std::vector<Number> numbers() {
    const std::uint64_t count = number();
    if (count > left() / sizeof(Number)) throw senseless();
    std::vector<Number> values(count);
    if (count > 0) std::memcpy(values.data(), take(count * sizeof(Number)).data(), count * sizeof(Number));
    return values;
  }

  Hdf5Array array() {
    Hdf5Array array{.path = text(4096), .shape = numbers<std::uint32_t>(), .type = text(8), .values = {}, .whole = {}};
    array.values = numbers<float>();
    array.whole = numbers<std::int64_t>();
    std::uint64_t count = 1;
    for (const std::uint32_t length : array.shape) {
      if (length == 0 || count > longest_array / length) throw senseless();
      count *= length;
    }
    const bool floating = array.type.starts_with('F');
    if (!array.path.starts_with('/') || (floating ? array.values.size() : array.whole.size()) != count ||
        (floating ? array.whole.size() : array.values.size()) != 0)
      throw senseless();
    return array;
  }

  Hdf5Texts texts() {
    Hdf5Texts found{.group = text(4096), .name = text(4096), .texts = {}};
    const std::uint64_t count = number();
    if (count > most_pieces) throw senseless();
    for (std::uint64_t index = 0; index < count; ++index) found.texts.push_back(text(longest_text));
    return found;
  }

  Error error() {
    Problem problem{.file = source(), .field = shown(text(longest_text)), .problem = shown(text(longest_text))};
    problem.expected = shown(text(longest_text));
    problem.got = shown(text(longest_text));
    return input_error(std::move(problem));
  }
};

template <typename Value>
std::span<const std::uint8_t> bytes_of(const Value* values, std::size_t count) {
  return {reinterpret_cast<const std::uint8_t*>(values), count * sizeof(Value)};
}

}  // namespace

void PieceWriter::number(std::uint64_t value) { write_(bytes_of(&value, 1)); }

void PieceWriter::text(const std::string& value) {
  number(value.size());
  write_(bytes_of(value.data(), value.size()));
}

template <typename Number>
void PieceWriter::numbers(const std::vector<Number>& values) {
  number(values.size());
  write_(bytes_of(values.data(), values.size()));
}

void PieceWriter::array(const Hdf5Array& array) {
  number(static_cast<std::uint64_t>(Kind::array));
  text(array.path);
  numbers(array.shape);
  text(array.type);
  numbers(array.values);
  numbers(array.whole);
}

void PieceWriter::texts(const Hdf5Texts& found) {
  number(static_cast<std::uint64_t>(Kind::texts));
  text(found.group);
  text(found.name);
  number(found.texts.size());
  for (const std::string& value : found.texts) text(value);
}

void PieceWriter::error(const Problem& problem) {
  number(static_cast<std::uint64_t>(Kind::error));
  for (const std::string* part : {&problem.field, &problem.problem, &problem.expected, &problem.got}) text(*part);
}

void PieceWriter::end() { number(static_cast<std::uint64_t>(Kind::end)); }

Hdf5Content read_pieces(std::span<const std::uint8_t> bytes, const std::string& source) {
  return PieceReader(bytes, source).content();
}

}  // namespace nib::hdf5
