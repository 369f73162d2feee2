#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/catalogue.h"
#include "data/data_files.h"

namespace nib {

/// What was read of a set, whatever its format: each part as the two IDX files that it would make.
struct LoadedSet {
  std::string_view format = "IDX";
  std::vector<LoadedFile>
      files;            ///< in the order of file_roles; a part may be missing, and the labels of the test part
  std::string found{};  ///< see DataCollection
  std::vector<std::string> class_names{};  ///< where the format has them
  std::vector<std::string> warnings{};     ///< one line each
};

/// A way in which people keep a data set, in a file or a folder.
struct DataFormat {
  std::string_view name;  ///< "CSV"
  bool (*holds)(const std::filesystem::path& path);
  /// Throws Error (bad input, io). Reads the test part alone where that is there and all that is asked for.
  LoadedSet (*read)(const std::filesystem::path& path, const Reading& reading);
};

inline constexpr std::string_view picture_format = "picture";  ///< the name of folders of pictures

/// The format of a file or folder that is no folder of IDX files, by its content; or null.
const DataFormat* find_data_format(const std::filesystem::path& path);

/// Reads the four files of a set in a folder, or those of the test part.
LoadedSet read_idx_set(const std::filesystem::path& folder, std::span<const std::size_t> roles);

/// Reads a set, in whatever format it is; of one without a test part the training part, whatever is asked for. Throws
/// Error (bad input, io).
LoadedSet read_set(const std::filesystem::path& path, const Reading& reading);

/// A part's images or labels that came from `path` in another format. Its hash is of the IDX file that it would make,
/// so that the same set is known as the same in every format.
LoadedFile other_file(std::size_t role, const std::filesystem::path& path, IdxHeader header,
                      std::vector<std::uint8_t> values);

}  // namespace nib
