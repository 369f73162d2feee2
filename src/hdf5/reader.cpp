#include <fmt/core.h>

#include <new>

#include "base/error.h"
#include "base/limited_child.h"
#include "base/text.h"
#include "hdf5/hdf5_file.h"
#include "hdf5/library.h"
#include "hdf5/pieces.h"
#include "hdf5/walk.h"

namespace nib {
namespace {

void write_or_end(int output, std::span<const std::uint8_t> bytes) {
  if (write_fully(output, bytes) != 0) throw std::bad_alloc();  // nobody reads any more
}

}  // namespace

std::string hdf5_version() { return fmt::format("{}.{}.{}", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE); }

std::string loaded_hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  hdf5::H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

Hdf5Content read_hdf5(std::span<const std::uint8_t> bytes, const std::vector<std::string>& attribute_groups,
                      const std::vector<std::string>& attribute_names, const std::string& source) {
  if (bytes.size() > largest_hdf5_file)
    throw input_error({.file = source,
                       .problem = "too large for an HDF5 file",
                       .expected = fmt::format("at most {} bytes", with_commas(largest_hdf5_file)),
                       .got = with_commas(bytes.size())});
  hdf5::library.load();                // not in the child, which may open no file
  constexpr std::uint64_t copies = 4;  // libhdf5's of the file, and of what it unpacks
  ChildLimits limits;
  limits.memory += copies * bytes.size();
  const ChildOutcome outcome = run_in_limited_child(limits, [&](int output) {
    hdf5::PieceWriter pieces([&](std::span<const std::uint8_t> piece) { write_or_end(output, piece); });
    try {
      hdf5::walk(bytes, attribute_groups, attribute_names,
                 {.array = [&](const Hdf5Array& array) { pieces.array(array); },
                  .texts = [&](const Hdf5Texts& texts) { pieces.texts(texts); }});
      pieces.end();
    } catch (const Error& error) {
      pieces.error(error.problem());
    } catch (const std::bad_alloc&) {
      pieces.error({.field = "HDF5", .problem = "takes more memory to read than is allowed"});
    }
  });
  if (outcome.failure.empty()) return hdf5::read_pieces(outcome.output, source);
  throw input_error({.file = source,
                     .field = "HDF5",
                     .problem = "the process that reads it failed: " + outcome.failure,
                     .hint = "the file is damaged, or made to do harm; nothing was taken from it"});
}

}  // namespace nib
