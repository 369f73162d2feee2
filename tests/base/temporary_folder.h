#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nib {

/// An empty folder for one test, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  /// Names of everything in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

/// Gives up root's rights while it lives, so that permissions mean something in a container as well.
class OrdinaryUser {
 public:
  OrdinaryUser();
  ~OrdinaryUser();
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
};

/// The bytes of a file; an empty text when there is none.
std::string contents(const std::filesystem::path& path);
void make_file(const std::filesystem::path& path, const std::string& text);

}  // namespace nib
