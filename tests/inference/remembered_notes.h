#pragma once

#include <string>
#include <vector>

#include "base/notes.h"

namespace nib {

struct RememberedNotes : Notes {
  std::vector<std::string> said, warned;
  void say(std::string_view text) override { said.emplace_back(text); }
  void warn(std::string_view line) override { warned.emplace_back(line); }
};

}  // namespace nib
