#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "encodings/json.h"

namespace nib {

/// A word of other programs, and what it is called here.
struct Meaning {
  std::string word;               ///< in lower case; "max_pool" is "maxpool", too
  std::vector<std::string> ours;  ///< the one that is known at the place is meant
  std::string hint{};             ///< what to do where none of them is
};

/// A value somewhere in a JSON document that a user may have changed. Whoever asks for what it is not gets an Error
/// (bad input) that names the document and the value's path, such as "layers[2].kernel[1]", in which long keys are cut.
class JsonReader {
 public:
  /// Both the value and the document's name must outlive this.
  JsonReader(const Json& value, const std::string& document, std::string path = {});
  JsonReader(const Json& value, const std::string&& document, std::string path = {}) = delete;

  /// The value of a key that must be there.
  JsonReader at(const std::string& key) const;
  /// The value of a key; nothing where the key is missing or null.
  std::optional<JsonReader> find(const std::string& key) const;
  std::vector<std::pair<std::string, JsonReader>> members() const;
  std::vector<JsonReader> items() const;
  /// Exactly `size` of them.
  std::vector<JsonReader> items(std::size_t size) const;

  /// One of them, `index` below the array's size.
  JsonReader item(std::size_t index) const;

  const Json& object() const;        ///< the value, which is one
  const Json::Array& array() const;  ///< its elements
  bool boolean() const;
  std::string text() const;
  double number() const;               ///< finite
  std::uint64_t whole_number() const;  ///< from 0
  std::uint32_t count() const;         ///< a whole number from 1 to 2^32 - 1, also written as 3.0 or 3e0
  std::vector<std::uint32_t> counts(std::size_t size) const;  ///< an array of them
  std::array<std::uint32_t, 2> pair() const;
  std::vector<std::uint64_t> whole_numbers() const;
  std::vector<std::string> texts() const;

  /// The index of this text among `words`. The error for another one names the word that may be meant.
  std::size_t word_index(const std::vector<std::string>& words, std::span<const Meaning> meanings = {}) const;

  bool is_null() const { return value_->is_null(); }
  bool is_array() const { return value_->is_array(); }
  const Json& value() const { return *value_; }
  const std::string& path() const { return path_; }

  /// Throws Error (bad input) naming the first key that is not among `known`, with the one that may be meant.
  void refuse_other_keys(const std::vector<std::string>& known, std::span<const Meaning> meanings = {}) const;

  Error error(std::string problem, std::string expected = {}, std::string got = {}) const;

 private:
  Error wrong_type(std::string expected) const;
  std::string path_of(const std::string& key) const;

  const Json* value_;
  const std::string* document_;
  std::string path_;
};

}  // namespace nib
