#include "images/decoding/picture_pieces.h"

#include <array>
#include <cstddef>
#include <cstring>

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

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, const std::string& format, const std::string& source)
      : rest_(bytes), format_(format), source_(source) {}

  GreyImage picture() {
    const auto kind = Kind{number()};
    if (kind == Kind::problem) throw problem();
    if (kind != Kind::image) throw senseless();
    GreyImage image{.rows = side(), .columns = side(), .coloured = number() != 0};
    const auto light = take(image.rows * image.columns);
    if (!rest_.empty()) throw senseless();
    image.light.assign(light.begin(), light.end());
    return image;
  }

 private:
  Error senseless() const {
    return input_error({.file = source_,
                        .field = format_,
                        .problem = "the process that decodes it handed back what makes no sense",
                        .hint = "the file is damaged, or made to do harm; nothing was taken from it"});
  }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > rest_.size()) throw senseless();
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::size_t side() {
    const std::uint64_t value = number();
    if (value == 0 || value > largest_decoded_side) throw senseless();
    return value;
  }

  Error problem() {
    Problem problem{.file = source_};
    for (std::string* const text : texts_of(problem)) {
      const auto bytes = take(number());
      *text = printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, longest_text);
    }
    if (!rest_.empty() || problem.problem.empty()) throw senseless();
    return input_error(std::move(problem));
  }

  std::span<const std::uint8_t> rest_;
  const std::string &format_, &source_;
};

}  // namespace

std::vector<std::uint8_t> pieces_of(const GreyImage& image) {
  Writer writer(Kind::image);
  writer.number(image.rows);
  writer.number(image.columns);
  writer.number(image.coloured ? 1 : 0);
  writer.add(image.light);
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
