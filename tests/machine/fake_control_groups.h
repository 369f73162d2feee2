#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/temporary_folder.h"
#include "machine/control_groups.h"

namespace nib {

/// A stand-in of /proc/self/cgroup and of the groups' folders.
class FakeControlGroups : public testing::Test {
 protected:
  void belong_to(const std::string& text) { make_file(folder_ / "membership", text); }
  void write(const std::string& file, const std::string& text) {
    const std::filesystem::path path = folder_ / ("groups/" + file);
    std::filesystem::create_directories(path.parent_path());
    make_file(path, text);
  }
  ControlGroups groups() const { return {folder_ / "membership", folder_ / "groups"}; }

 private:
  TemporaryFolder folder_;
};

}  // namespace nib
