#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "logs/logs_record.h"

namespace nib {

/// A file that grows while the program works. Each entry goes out whole, in one write() call when it happens: whatever
/// ends the program, all earlier entries can be read. Writing never throws: the first failure is remembered, the file
/// is cut back to its last whole entry, and what follows is dropped.
class LogFile {
 public:
  /// A new file. Throws Error naming the setting of its place: usage for what another place would
  /// mend (no such folder; the file exists), io for what the disk or its permissions refuse.
  static LogFile create(const std::filesystem::path& path, const std::string& setting_name);

  /// A new file, an empty one, with `replace` any regular file, or what is no regular file: a terminal, a pipe, a FIFO
  /// that is being read. Throws Error likewise.
  static LogFile open(const std::filesystem::path& path, const std::string& setting_name, bool replace);

  /// A file that is there, to go on in from a position of an earlier process; what it holds behind that goes with cut()
  /// or the first entry. Throws Error likewise, and for a file that does not begin as it did then.
  static LogFile go_on(const LogPosition& position, const std::string& setting_name);

  /// Removes a file that was made here and never written to.
  ~LogFile();
  LogFile(LogFile&&) noexcept = default;
  LogFile& operator=(LogFile&&) = delete;

  /// The first entry replaces what the file held, or held behind the position where it goes on.
  void write(std::string_view entry) noexcept;
  /// Takes away now what the first entry would replace.
  void cut() noexcept;
  /// Forces the entries to the disk, as far as its file system can.
  void sync() noexcept;

  const std::filesystem::path& path() const { return path_; }
  bool is_empty() const { return size_ == 0; }
  /// The errno of the write that failed, 0 as long as none did.
  int lost() const { return lost_; }
  /// Where the file stands, by its full path; nothing for one that is not regular or of which something was lost.
  std::optional<LogPosition> position() const;

 private:
  LogFile(std::filesystem::path path, FileDescriptor file, bool made);
  int cut_to(std::uint64_t size) noexcept;

  std::filesystem::path path_;
  FileDescriptor file_;
  bool made_ = false, begun_ = false;
  std::uint64_t size_ = 0;
  std::uint32_t checksum_ = 0;
  int lost_ = 0;
};

}  // namespace nib
