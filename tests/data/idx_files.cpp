#include "data/idx_files.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <cstdlib>

namespace nib {
namespace {

Bytes labels_of(std::uint32_t count) {
  Bytes labels;
  for (std::uint32_t index = 0; index < count; ++index) labels.push_back(static_cast<std::uint8_t>(index % 3));
  return labels;
}

}  // namespace

ScopedEnvironment::ScopedEnvironment(const char* name, const std::optional<std::string>& value) : name_(name) {
  if (const char* old = std::getenv(name)) old_ = old;
  if (value)
    ::setenv(name, value->c_str(), 1);
  else
    ::unsetenv(name);
}

ScopedEnvironment::~ScopedEnvironment() {
  if (old_)
    ::setenv(name_, old_->c_str(), 1);
  else
    ::unsetenv(name_);
}

Bytes big_endian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Bytes joined(const std::vector<Bytes>& pieces) {
  Bytes all;
  for (const Bytes& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

Bytes idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns, const Bytes& pixels) {
  return joined({big_endian(0x803), big_endian(count), big_endian(rows), big_endian(columns), pixels});
}

Bytes idx_labels(std::uint32_t count, const Bytes& labels) {
  return joined({big_endian(0x801), big_endian(count), labels});
}

std::filesystem::path write(const std::filesystem::path& path, const Bytes& bytes) {
  make_file(path, {bytes.begin(), bytes.end()});
  return path;
}

Bytes gzip(const Bytes& content) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  Bytes compressed(libdeflate_gzip_compress_bound(compressor, content.size()));
  compressed.resize(
      libdeflate_gzip_compress(compressor, content.data(), content.size(), compressed.data(), compressed.size()));
  libdeflate_free_compressor(compressor);
  return compressed;
}

Bytes some_bytes(std::uint32_t size) {
  Bytes bytes;
  for (std::uint32_t index = 0; index < size; ++index) bytes.push_back(static_cast<std::uint8_t>(index * 7 % 255 + 1));
  return bytes;
}

Bytes SmallSet::training_images() const {
  return idx_images(training, rows, columns, some_bytes(training * rows * columns));
}
Bytes SmallSet::training_labels() const { return idx_labels(training, labels_of(training)); }
Bytes SmallSet::test_images() const { return idx_images(test, rows, columns, some_bytes(test * rows * columns)); }
Bytes SmallSet::test_labels() const { return idx_labels(test, labels_of(test)); }

void SmallSet::write_to(const std::filesystem::path& folder) const {
  write(folder / "train-images-idx3-ubyte", training_images());
  write(folder / "train-labels-idx1-ubyte", training_labels());
  write(folder / "t10k-images-idx3-ubyte", test_images());
  write(folder / "t10k-labels-idx1-ubyte", test_labels());
}

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return {ExitCode::ok, {}};
}

}  // namespace nib
