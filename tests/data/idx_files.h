#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace nib {

using Bytes = std::vector<std::uint8_t>;

/// Sets an environment variable, or unsets it, and puts the old value back at the end.
class ScopedEnvironment {
 public:
  ScopedEnvironment(const char* name, const std::optional<std::string>& value);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

Bytes big_endian(std::uint32_t value);
Bytes joined(const std::vector<Bytes>& pieces);

/// IDX files: a header as given, and the values behind it.
Bytes idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns, const Bytes& pixels);
Bytes idx_labels(std::uint32_t count, const Bytes& labels);

/// Writes a file and gives its path.
std::filesystem::path write(const std::filesystem::path& path, const Bytes& bytes);

/// A gzip file of one member.
Bytes gzip(const Bytes& content);

/// `size` bytes that are not all alike and never 0.
Bytes some_bytes(std::uint32_t size);

/// Four well-formed files of 5 x 7 images: `training` and `test` images with the labels 0, 1, 2, 0, ...
struct SmallSet {
  std::uint32_t training = 6, test = 4, rows = 5, columns = 7;
  Bytes training_images() const;
  Bytes training_labels() const;
  Bytes test_images() const;
  Bytes test_labels() const;
  void write_to(const std::filesystem::path& folder) const;  ///< raw, spelt with a dash
};

/// The Error that `action` throws; a test failure and an empty one when it throws none.
Error error_of(const std::function<void()>& action);

}  // namespace nib
