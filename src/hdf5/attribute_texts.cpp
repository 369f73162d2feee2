#include "hdf5/attribute_texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t most_texts = 1024, most_blocks = 64, most_messages = 4096;
constexpr std::uint64_t longest_text = std::uint64_t{4} << 20;  ///< bytes of all texts of an attribute
constexpr std::uint16_t attribute_message = 0x0C, continuation_message = 0x10;

Error damaged(std::string_view what) { return input_error({.problem = fmt::format("damaged: {}", what)}); }

/// Bytes that are read from front to back, lowest byte of a number first; never beyond their end.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : rest_(bytes) {}

  Bytes take(std::uint64_t count) {
    if (count > rest_.size()) throw damaged("an object goes on behind its end");
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::uint64_t count) { take(count); }
  std::uint64_t number(std::size_t count) {
    const Bytes bytes = take(count);
    std::uint64_t value = 0;
    for (std::size_t index = count; index-- > 0;) value = (value << 8) | bytes[index];
    return value;
  }
  std::uint8_t byte() { return take(1)[0]; }
  std::uint16_t two() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t four() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t eight() { return number(8); }
  bool begins_with(std::string_view signature) {
    if (rest_.size() < signature.size()) return false;
    if (!std::equal(signature.begin(), signature.end(), rest_.begin())) return false;
    skip(signature.size());
    return true;
  }
  std::size_t left() const { return rest_.size(); }
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
};

Bytes part(Bytes file, std::uint64_t begin, std::uint64_t length) {
  if (begin > file.size() || length > file.size() - begin) throw damaged("an object lies outside the file");
  return file.subspan(begin, length);
}

std::uint64_t padded(std::uint64_t length) { return (length + 7) / 8 * 8; }

/// The messages of an object header: what an HDF5 object says of itself.
class ObjectHeader {
 public:
  ObjectHeader(Bytes file, std::uint64_t begin) : file_(file) {
    if (begin > file.size()) throw damaged("an object lies outside the file");
    Cursor header(file.subspan(begin));
    if (header.begins_with("OHDR"))
      read_newer(header);
    else
      read_older(header);
    for (std::size_t index = 0; index < continuations_.size(); ++index) {
      if (index == most_blocks) throw damaged("an object header has too many parts");
      read_continuation(part(file_, continuations_[index].first, continuations_[index].second));
    }
  }

  const std::vector<Bytes>& attributes() const { return attributes_; }

 private:
  void read_older(Cursor header) {
    if (header.byte() != 1) throw damaged("an object header of an unknown version");
    header.skip(1 + 2 + 4);  // reserved, number of messages, references
    const std::uint32_t length = header.four();
    header.skip(4);  // to a multiple of 8
    read_messages(Cursor(header.take(length)));
  }

  void read_newer(Cursor header) {
    newer_ = true;
    if (header.byte() != 2) throw damaged("an object header of an unknown version");
    constexpr std::uint8_t has_times = 0x20, has_limits = 0x10, ordered = 0x04, length_bits = 0x03;
    const std::uint8_t flags = header.byte();
    if ((flags & has_times) != 0) header.skip(16);
    if ((flags & has_limits) != 0) header.skip(4);
    ordered_ = (flags & ordered) != 0;
    const std::uint64_t length = header.number(std::size_t{1} << (flags & length_bits));
    read_messages(Cursor(header.take(length)));
  }

  void read_continuation(Bytes block) {
    Cursor messages(block);
    if (!newer_) return read_messages(messages);
    constexpr std::size_t checksum_bytes = 4;
    if (!messages.begins_with("OCHK") || messages.left() < checksum_bytes)
      throw damaged("an object header goes on in something else");
    read_messages(Cursor(messages.take(messages.left() - checksum_bytes)));
  }

  void read_messages(Cursor block) {
    const std::size_t header_bytes = newer_ ? (ordered_ ? 6 : 4) : 8;
    while (block.left() >= header_bytes) {
      if (++messages_ > most_messages) throw damaged("an object header has too many messages");
      const std::uint16_t type = newer_ ? block.byte() : block.two();
      const std::uint16_t length = block.two();
      const std::uint8_t flags = block.byte();
      block.skip(header_bytes - (newer_ ? 4 : 5));
      const Bytes data = block.take(length);
      constexpr std::uint8_t shared = 0x02;
      if (type == attribute_message && (flags & shared) == 0) attributes_.push_back(data);
      if (type != continuation_message) continue;
      Cursor place(data);
      const std::uint64_t begin = place.eight();
      continuations_.emplace_back(begin, place.eight());
    }
  }

  Bytes file_;
  bool newer_ = false, ordered_ = false;
  std::size_t messages_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> continuations_;  // begin and length
  std::vector<Bytes> attributes_;
};

struct Attribute {
  std::string_view name;
  Bytes type, space, data;
};

Attribute parse_attribute(Bytes message) {
  Cursor cursor(message);
  const std::uint8_t version = cursor.byte(), flags = cursor.byte();
  if (version < 1 || version > 3) throw damaged("an attribute of an unknown version");
  const std::uint16_t name_bytes = cursor.two(), type_bytes = cursor.two(), space_bytes = cursor.two();
  if (version == 3) cursor.skip(1);  // the name's encoding
  const auto next = [&](std::uint16_t length) {
    return cursor.take(version == 1 ? padded(length) : length).first(length);
  };
  const Bytes name = next(name_bytes);
  Attribute attribute;
  attribute.name = {reinterpret_cast<const char*>(name.data()), name.size()};
  attribute.name = attribute.name.substr(0, attribute.name.find('\0'));
  attribute.type = next(type_bytes);
  attribute.space = next(space_bytes);
  attribute.data = cursor.rest();
  if (version > 1 && flags != 0) attribute.type = {};  // a type that is kept elsewhere
  return attribute;
}

/// How many elements a data space of at most one dimension has.
std::uint64_t element_count(Bytes space) {
  Cursor cursor(space);
  const std::uint8_t version = cursor.byte(), rank = cursor.byte();
  if (version < 1 || version > 2 || rank > 1) throw damaged("an attribute's shape is of another kind");
  cursor.skip(1);  // flags
  constexpr std::uint8_t null_space = 2;
  if (version == 1)
    cursor.skip(5);
  else if (cursor.byte() == null_space)
    return 0;
  return rank == 0 ? 1 : cursor.eight();
}

/// Object `index` of the collection of variable-length data at `begin`.
Bytes heap_object(Bytes file, std::uint64_t begin, std::uint32_t index) {
  Cursor cursor(part(file, begin, 16));
  if (!cursor.begins_with("GCOL") || cursor.byte() != 1) throw damaged("a text is not where its place says");
  cursor.skip(3);
  const std::uint64_t length = cursor.eight();
  if (length < 16) throw damaged("a collection of texts is too short");
  Cursor objects(part(file, begin, length).subspan(16));
  while (objects.left() >= 16) {
    const std::uint16_t number = objects.two();
    objects.skip(2 + 4);  // references
    const std::uint64_t size = objects.eight();
    if (number == 0) break;  // free space is last
    if (number == index) return objects.take(size);
    if (size > objects.left()) break;
    objects.skip(std::min<std::uint64_t>(padded(size), objects.left()));
  }
  throw damaged("a text is missing");
}

std::string text_of(Bytes bytes) {
  const std::string text(bytes.begin(), bytes.end());
  return text.substr(0, text.find('\0'));
}

std::vector<std::string> texts_of(Bytes file, const Attribute& attribute) {
  if (attribute.type.empty()) return {};
  Cursor type(attribute.type);
  constexpr std::uint8_t fixed_text = 3, variable_length = 9, of_text = 1;
  const std::uint8_t kind = type.byte() & 0x0F, bits = type.byte();
  type.skip(2);
  const std::uint32_t size = type.four();
  if (kind != fixed_text && !(kind == variable_length && (bits & 0x0F) == of_text)) return {};
  const std::uint64_t count = element_count(attribute.space);
  if (count > most_texts) throw damaged("an attribute has too many texts");
  if (size > longest_text) throw damaged("a text is too long");
  Cursor data(attribute.data);
  std::vector<std::string> texts;
  std::uint64_t total = 0;
  for (std::uint64_t index = 0; index < count; ++index) {
    Cursor element(data.take(size));
    Bytes bytes = element.rest();
    if (kind == variable_length) {
      const std::uint32_t length = element.four();
      const std::uint64_t collection = element.eight();
      bytes = {};
      if (length > 0) {
        const Bytes object = heap_object(file, collection, element.four());
        if (length > object.size()) throw damaged("a text is longer than its place");
        bytes = object.first(length);
      }
    }
    total += bytes.size();
    if (total > longest_text) throw damaged("a text is too long");
    texts.push_back(text_of(bytes));
  }
  return texts;
}

}  // namespace

std::optional<std::vector<std::string>> attribute_texts(Bytes file, std::uint64_t object_header,
                                                        std::string_view name) {
  try {
    const ObjectHeader header(file, object_header);
    for (const Bytes message : header.attributes())
      if (const Attribute attribute = parse_attribute(message); attribute.name == name)
        return texts_of(file, attribute);
    return std::nullopt;
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.field = "attribute " + printable(name, 100);
    throw Error(error.code(), std::move(problem));
  }
}

}  // namespace nib
