#pragma once

#include <filesystem>
#include <vector>

namespace nib {

/// Folders that are made, with those above them where they are missing, and can be taken back as long as they are
/// empty.
class MadeFolders {
 public:
  /// Makes `folder`, and forces it to the disk: 0, or an errno, EEXIST when something is there. What was made on the
  /// way to a failure is taken back.
  int make(const std::filesystem::path& folder);
  bool empty() const { return made_.empty(); }
  /// Removes those that are empty.
  void take_back() noexcept;

 private:
  int make_with_parents(const std::filesystem::path& folder);

  std::vector<std::filesystem::path> made_;  ///< outer ones first
};

}  // namespace nib
