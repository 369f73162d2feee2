#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/made_folders.h"
#include "base/notes.h"
#include "runs/folder_lock.h"

namespace nib {

/// What a command needs of the folder for its results.
struct FolderRequest {
  std::string out{};                   ///< empty for a new folder runs/<date>-<time>
  bool force = false;                  ///< take a folder that exists
  std::vector<std::string> results{};  ///< the names of all files that the command may write, and what is removed first
  std::vector<std::string> lasting{};  ///< those of more such files: what is there stays until it is replaced
  std::uint64_t bytes = 0;             ///< that must be free
};

/// The folder that a command's results go to. The constructor finds out whether they can be written there, before any
/// work is done; a folder that it made is removed again when nothing was written.
class OutputFolder {
 public:
  /// Makes the folder, with those above it, or takes the existing one by force; locks it, probes it and removes what
  /// killed processes left in it. A link in its place is followed here, once. Throws Error: usage for what another
  /// folder or force would mend, io for what the disk or its permissions refuse.
  OutputFolder(const FolderRequest& request, Notes& notes);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

  /// Whether `path` is a file that the command would write, so that an input is not lost to its own output.
  bool would_replace(const std::filesystem::path& path) const;

  /// Removes the results of an earlier run but for what was written by now, so that none of them stands beside new
  /// ones. Call when the work begins.
  void remove_old_results();

  /// From now on `watcher` is called with the name of each file that write() leaves in the folder.
  void watch(std::function<void(const std::string& name)> watcher) { watcher_ = std::move(watcher); }

  /// Writes a file atomically and durably, and notes its name. A link of that name is replaced. Throws Error (io), also
  /// when the folder was removed or is another run's by now; a file that is noted all the same may not survive a power
  /// cut.
  /// `named` is called as soon as the file has its name.
  void write(
      const std::string& name, std::string_view text, const std::function<void()>& named = [] {});
  void write(const std::string& name, std::span<const std::uint8_t> bytes);
  /// Removes a noted file, durably; nothing where it is gone.
  void remove(const std::string& name);
  /// Names of the files written so far, in order.
  const std::vector<std::string>& written() const { return written_; }

  /// Whether the folder is still there and this one's, as far as locks can tell.
  bool holds() const { return lock_->holds(); }
  /// Throws Error (io) where the folder was removed, or taken by another run: no file goes into it any more.
  void require_hold() const;

  /// Lets the link `latest` beside a folder in `runs` point to it, durably. False when the file system refuses.
  bool point_latest_here() const;

 private:
  void prepare(const FolderRequest& request, Notes& notes);
  void write(const std::string& name, std::span<const std::uint8_t> bytes, const std::function<void()>& named);
  void note(const std::string& name);
  void unlink(const std::string& name) const;
  void sync() const;

  std::filesystem::path path_;
  std::vector<std::string> results_, written_;
  MadeFolders made_;
  std::optional<FolderLock> lock_;
  std::function<void(const std::string& name)> watcher_;
};

}  // namespace nib
