#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>

#include "base/file_descriptor.h"
#include "base/made_folders.h"

namespace nib {

/// A folder that nobody sees before it is whole: it is filled as `.NAME.PID-RANDOM.tmp` beside the place that it is
/// going to have, and is removed again, with the folders that were made above it, unless it is put there. What killed
/// processes left of such folders of that name goes when it is made. Every step throws Error (io) naming its path.
class NewFolder {
 public:
  /// Makes the folders above, too.
  explicit NewFolder(const std::filesystem::path& path);
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  using Bytes = std::span<const std::uint8_t>;
  /// Makes a folder in it; `name` may be of several parts, of which all but the last are there.
  void make_folder(const std::filesystem::path& name);
  /// Makes a file of some pieces. For several threads at once. Without folders in it each file is forced to the disk by
  /// itself; with them, as there may be thousands, all the file system is in the end.
  void write(const std::filesystem::path& name, std::initializer_list<Bytes> pieces) const;

  /// Forces all of it to the disk and gives it its place; a folder that is there is replaced by it and removed.
  void put_in_place();
  /// The same where nothing is there, or an empty folder; else false, and what is there stays, whoever put it there and
  /// when.
  [[nodiscard]] bool put_in_free_place();

 private:
  bool make_temporary();
  bool rename_to_free();
  void end_exchange();
  void sync() const;
  void sync_place();
  void sweep() const noexcept;

  std::filesystem::path path_, temporary_;
  MadeFolders above_;
  FileDescriptor folder_;  // locked as long as this lives, by which sweep() knows it from what was left
  bool has_folders_ = false, in_place_ = false;
};

}  // namespace nib
