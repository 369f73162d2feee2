#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace nib::test {

/// Does what is asked of it and remembers, for one folder and all in it, what a disk would hold if the power went after
/// any of the calls. A disk has for certain what was synced: a file's bytes by a sync of the file, names by a sync of
/// their folder. Of all later calls it may have any or none, each name by itself.
class RecordedFiles : public FileSystem {
 public:
  /// What is in `root` by now is on the disk.
  explicit RecordedFiles(std::filesystem::path root);

  /// What the disk has of the calls that were not synced.
  enum class Luck { nothing, names_without_bytes, bytes_without_names, everything, some };

  std::size_t calls() const { return events_.size(); }  ///< that changed something
  /// Makes a folder of what the disk holds when the power goes after so many calls; `seed` is for Luck::some.
  void after_power_loss(std::size_t calls, Luck luck, unsigned seed, const std::filesystem::path& folder) const;
  /// All bytes that the file of this name had whenever it got its name.
  const std::set<std::string>& versions(const std::string& name) const;

  int open(int folder, const char* path, int flags, mode_t mode) override;
  ssize_t write(int file, const void* bytes, std::size_t count) override;
  int truncate(int file, off_t size) override;
  int sync(int file_or_folder) override;
  int close(int file) override;
  int rename(int folder, const char* from, const char* to) override;
  int symlink(const char* target, int folder, const char* path) override;
  int unlink(int folder, const char* path) override;
  int mkdir(const char* path, mode_t mode) override;
  int rmdir(const char* path) override;

 private:
  /// A file, a folder or a link, and what is on the disk of it.
  struct Node {
    bool folder = false;
    std::string target{};                                ///< of a link
    std::string bytes{}, bytes_on_disk{};                ///< of a file
    std::map<std::string, std::size_t> names_on_disk{};  ///< of a folder
    std::vector<std::function<void(std::map<std::string, std::size_t>&)>> names_since{};
  };
  struct Disk {
    std::vector<Node> nodes;
  };
  using Event = std::function<void(Disk&)>;

  void add_existing(const std::filesystem::path& folder, std::size_t node);
  std::size_t new_node(const std::filesystem::path& path, Node node);
  void record(Event event);
  void change_names(const std::filesystem::path& folder,
                    std::function<void(std::map<std::string, std::size_t>&)> change);
  static std::filesystem::path full_path(int folder, const char* path);

  std::filesystem::path root_;
  Disk first_;
  std::size_t node_count_ = 0;
  std::vector<Event> events_;
  std::map<std::filesystem::path, std::size_t> nodes_;  ///< what has each path now
  std::map<int, std::size_t> open_;                     ///< by descriptor
  std::map<std::size_t, std::string> bytes_;            ///< of files, now
  std::map<std::string, std::set<std::string>> versions_;
};

}  // namespace nib::test
