#include "base/recorded_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <random>
#include <utility>

#include "base/temporary_folder.h"

namespace nib::test {

namespace fs = std::filesystem;

RecordedFiles::RecordedFiles(fs::path root) : root_(fs::canonical(root)) {
  first_.nodes.push_back({.folder = true});
  nodes_[root_] = node_count_++;
  add_existing(root_, 0);
}

void RecordedFiles::add_existing(const fs::path& folder, std::size_t node) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    Node found{.folder = fs::is_directory(entry.symlink_status())};
    if (entry.is_symlink())
      found.target = fs::read_symlink(entry.path()).string();
    else if (!found.folder)
      found.bytes = found.bytes_on_disk = contents(entry.path());
    const std::size_t number = node_count_++;
    nodes_[entry.path()] = number;
    bytes_[number] = found.bytes;
    versions_[entry.path().filename().string()].insert(found.bytes);
    first_.nodes.push_back(found);
    first_.nodes[node].names_on_disk[entry.path().filename().string()] = number;
    if (found.folder) add_existing(entry.path(), number);
  }
}

const std::set<std::string>& RecordedFiles::versions(const std::string& name) const {
  static const std::set<std::string> none;
  const auto found = versions_.find(name);
  return found == versions_.end() ? none : found->second;
}

void RecordedFiles::after_power_loss(std::size_t calls, Luck luck, unsigned seed, const fs::path& folder) const {
  Disk disk = first_;
  for (std::size_t call = 0; call < calls; ++call) events_[call](disk);
  std::mt19937 random(seed);
  const auto has = [&](Luck certain) {
    return luck == certain || luck == Luck::everything || (luck == Luck::some && random() % 2 == 0);
  };
  const std::function<void(std::size_t, const fs::path&)> make = [&](std::size_t number, const fs::path& path) {
    Node& node = disk.nodes[number];
    if (!node.target.empty()) return fs::create_symlink(node.target, path);
    if (!node.folder) return make_file(path, has(Luck::bytes_without_names) ? node.bytes : node.bytes_on_disk);
    if (number != 0) fs::create_directory(path);
    std::map<std::string, std::size_t> names = node.names_on_disk;
    for (const auto& change : node.names_since)
      if (has(Luck::names_without_bytes)) change(names);
    for (const auto& [name, child] : names) make(child, path / name);
  };
  make(0, folder);
}

fs::path RecordedFiles::full_path(int folder, const char* path) {
  fs::path base = fs::current_path();
  if (folder != AT_FDCWD) base = fs::read_symlink("/proc/self/fd/" + std::to_string(folder));
  const fs::path full = (base / path).lexically_normal();
  return full.has_filename() ? full : full.parent_path();
}

void RecordedFiles::record(Event event) { events_.push_back(std::move(event)); }

std::size_t RecordedFiles::new_node(const fs::path& path, Node node) {
  const std::size_t number = node_count_++;
  nodes_[path] = number;
  bytes_[number] = "";
  record([node](Disk& disk) { disk.nodes.push_back(node); });
  change_names(path.parent_path(), [name = path.filename().string(), number](auto& names) { names[name] = number; });
  return number;
}

void RecordedFiles::change_names(const fs::path& folder,
                                 std::function<void(std::map<std::string, std::size_t>&)> change) {
  record([number = nodes_.at(folder), change](Disk& disk) { disk.nodes[number].names_since.push_back(change); });
}

int RecordedFiles::open(int folder, const char* path, int flags, mode_t mode) {
  const fs::path full = full_path(folder, path);
  const bool was_there = nodes_.contains(full);
  const int file = FileSystem::open(folder, path, flags, mode);
  if (file < 0) return file;
  if (!was_there && (flags & O_CREAT) != 0 && nodes_.contains(full.parent_path()))
    open_[file] = new_node(full, {});
  else if (was_there)
    open_[file] = nodes_[full];
  return file;
}

ssize_t RecordedFiles::write(int file, const void* bytes, std::size_t count) {
  const ssize_t written = FileSystem::write(file, bytes, count);
  if (const auto found = open_.find(file); written > 0 && found != open_.end()) {
    const std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(written));
    bytes_[found->second] += text;
    record([number = found->second, text](Disk& disk) { disk.nodes[number].bytes += text; });
  }
  return written;
}

int RecordedFiles::truncate(int file, off_t size) {
  const int result = FileSystem::truncate(file, size);
  if (const auto found = open_.find(file); result == 0 && found != open_.end()) {
    const auto kept = static_cast<std::size_t>(size);
    bytes_[found->second].resize(kept);
    record([number = found->second, kept](Disk& disk) { disk.nodes[number].bytes.resize(kept); });
  }
  return result;
}

/// Nothing need reach the real disk.
int RecordedFiles::sync(int file_or_folder) {
  if (const auto found = open_.find(file_or_folder); found != open_.end())
    record([number = found->second](Disk& disk) {
      Node& node = disk.nodes[number];
      node.bytes_on_disk = node.bytes;
      for (const auto& change : node.names_since) change(node.names_on_disk);
      node.names_since.clear();
    });
  return 0;
}

int RecordedFiles::close(int file) {
  open_.erase(file);
  return FileSystem::close(file);
}

int RecordedFiles::rename(int folder, const char* from, const char* to) {
  const fs::path old_path = full_path(folder, from), new_path = full_path(folder, to);
  const int result = FileSystem::rename(folder, from, to);
  if (result != 0 || !nodes_.contains(old_path)) return result;
  const std::size_t number = nodes_[old_path];
  nodes_.erase(old_path);
  nodes_[new_path] = number;
  versions_[new_path.filename().string()].insert(bytes_[number]);
  change_names(new_path.parent_path(),
               [old_name = old_path.filename().string(), name = new_path.filename().string(), number](auto& names) {
                 names.erase(old_name);
                 names[name] = number;
               });
  return result;
}

int RecordedFiles::symlink(const char* target, int folder, const char* path) {
  const int result = FileSystem::symlink(target, folder, path);
  const fs::path full = full_path(folder, path);
  if (result == 0 && nodes_.contains(full.parent_path())) new_node(full, {.target = target});
  return result;
}

int RecordedFiles::unlink(int folder, const char* path) {
  const fs::path full = full_path(folder, path);
  const int result = FileSystem::unlink(folder, path);
  if (result == 0 && nodes_.erase(full) > 0)
    change_names(full.parent_path(), [name = full.filename().string()](auto& names) { names.erase(name); });
  return result;
}

int RecordedFiles::mkdir(const char* path, mode_t mode) {
  const fs::path full = full_path(AT_FDCWD, path);
  const int result = FileSystem::mkdir(path, mode);
  if (result == 0 && nodes_.contains(full.parent_path())) new_node(full, {.folder = true});
  return result;
}

int RecordedFiles::rmdir(const char* path) {
  const fs::path full = full_path(AT_FDCWD, path);
  const int result = FileSystem::rmdir(path);
  if (result == 0 && nodes_.erase(full) > 0)
    change_names(full.parent_path(), [name = full.filename().string()](auto& names) { names.erase(name); });
  return result;
}

}  // namespace nib::test
