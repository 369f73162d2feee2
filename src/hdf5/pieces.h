#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/error.h"
#include "hdf5/hdf5_file.h"

namespace nib::hdf5 {

/// How the child hands back what it found: pieces one behind the other, an end mark last, so that a cut is seen. Whole
/// numbers are of 8 bytes, in this machine's order; a text is its length and its bytes.
class PieceWriter {
 public:
  using Write = std::function<void(std::span<const std::uint8_t>)>;
  explicit PieceWriter(Write write) : write_(std::move(write)) {}

  void array(const Hdf5Array& array);
  void texts(const Hdf5Texts& texts);
  void error(const Problem& problem);
  void end();

 private:
  void number(std::uint64_t value);
  void text(const std::string& value);
  template <typename Number>
  void numbers(const std::vector<Number>& values);

  Write write_;
};

/// What the pieces say, every length checked against the bytes that there are: the child may have been taken over.
/// Throws Error (bad input) with `source` for the error that the child met, and for pieces that make no sense.
Hdf5Content read_pieces(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib::hdf5
