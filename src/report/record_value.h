#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace nib {

/// A value somewhere in a JSON document that a user may have changed. Whoever asks for what it is not gets an Error
/// (bad input) that names the document and the value's path, such as "test.confusion_matrix[3]".
class RecordValue {
 public:
  /// Both the value and the document's name must outlive this.
  RecordValue(const nlohmann::ordered_json& value, const std::string& document, std::string path = {});

  /// What stands under a key; nothing where the key is missing or null.
  std::optional<RecordValue> find(const std::string& key) const;
  std::vector<std::pair<std::string, RecordValue>> members() const;
  std::vector<RecordValue> items() const;
  std::string text() const;
  double number() const;
  std::uint64_t count() const;
  bool is_null() const { return value_->is_null(); }
  bool is_array() const { return value_->is_array(); }

  std::optional<std::string> find_text(const std::string& key) const;
  std::optional<double> find_number(const std::string& key) const;
  std::optional<std::uint64_t> find_count(const std::string& key) const;
  std::vector<RecordValue> find_items(const std::string& key) const;
  std::vector<std::pair<std::string, RecordValue>> find_members(const std::string& key) const;
  /// Whole numbers of an array, or none.
  std::vector<std::uint64_t> counts() const;

  /// A word for a person: texts as they are, "yes" and "no", "not set" for null, else JSON.
  std::string describe() const;
  Error error(std::string problem, std::string expected, std::string got) const;

 private:
  Error wrong_type(std::string expected) const;
  std::string path_of(const std::string& key) const;

  const nlohmann::ordered_json* value_;
  const std::string* document_;
  std::string path_;
};

}  // namespace nib
