#include "images/decoding/picture_pieces.h"

#include <array>
#include <cstddef>

#include "base/handed_back.h"
#include "base/text.h"

namespace nib {
namespace {

enum class Kind : std::uint64_t { image = 1, problem };

constexpr std::size_t longest_text = 300;

template <typename SomeProblem>
auto texts_of(SomeProblem& problem) {
  return std::array{&problem.field, &problem.problem, &problem.expected, &problem.got, &problem.hint};
}

class Writer {
 public:
  explicit Writer(Kind kind) { number(static_cast<std::uint64_t>(kind)); }

  void number(std::uint64_t value) { add({reinterpret_cast<const std::uint8_t*>(&value), sizeof value}); }
  void text(const std::string& value) {
    number(value.size());
    add({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  }
  void add(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  std::vector<std::uint8_t> bytes() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

class Reader : HandedBack {
 public:
  Reader(std::span<const std::uint8_t> bytes, const std::string& format, const std::string& source)
      : HandedBack(bytes, source, format, "decodes") {}

  GreyImage picture() {
    const auto kind = Kind{number()};
    if (kind == Kind::problem) throw problem();
    if (kind != Kind::image) throw senseless();
    GreyImage image{.rows = side(), .columns = side(), .coloured = number() != 0};
    const auto light = take(image.rows * image.columns);
    image.light.assign(light.begin(), light.end());
    if (image.coloured && number() == 1) read_colours(image);
    if (left() > 0) throw senseless();
    return image;
  }

 private:
  std::size_t side() {
    const std::uint64_t value = number();
    if (value == 0 || value > largest_decoded_side) throw senseless();
    return value;
  }

  void read_colours(GreyImage& image) {
    const std::size_t factor = colour_factor(image.rows, image.columns);
    image.colours.rows = (image.rows + factor - 1) / factor;
    image.colours.columns = (image.columns + factor - 1) / factor;
    for (std::vector<std::uint8_t>* const plane : {&image.colours.blue, &image.colours.red}) {
      const auto bytes = take(image.colours.rows * image.colours.columns);
      plane->assign(bytes.begin(), bytes.end());
    }
  }

  Error problem() {
    Problem problem{.file = source()};
    for (std::string* const text : texts_of(problem)) {
      const auto bytes = take(number());
      *text = printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, longest_text);
    }
    if (left() > 0 || problem.problem.empty()) throw senseless();
    return input_error(std::move(problem));
  }
};

}  // namespace

std::vector<std::uint8_t> pieces_of(const GreyImage& image) {
  Writer writer(Kind::image);
  writer.number(image.rows);
  writer.number(image.columns);
  writer.number(image.coloured ? 1 : 0);
  writer.add(image.light);
  if (image.coloured) {
    writer.number(image.colours.rows > 0 ? 1 : 0);
    writer.add(image.colours.blue);
    writer.add(image.colours.red);
  }
  return writer.bytes();
}

std::vector<std::uint8_t> pieces_of(const Problem& problem) {
  Writer writer(Kind::problem);
  for (const std::string* const text : texts_of(problem)) writer.text(*text);
  return writer.bytes();
}

GreyImage picture_of(std::span<const std::uint8_t> pieces, const std::string& format, const std::string& source) {
  return Reader(pieces, format, source).picture();
}

}  // namespace nib
