#include "commands/output_file.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace nib {

namespace fs = std::filesystem;

namespace {

/// A link such as /dev/stdout, whose target may be a file all the same.
bool leads_to_device(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 8; ++links) {
    const fs::path absolute = fs::absolute(path, error).lexically_normal();
    const std::string text = absolute.string();
    if (text.starts_with("/dev/") || text.starts_with("/proc/")) return true;
    const fs::path target = fs::read_symlink(absolute, error);
    if (error) return false;
    path = target.is_absolute() ? target : absolute.parent_path() / target;
  }
  return false;
}

}  // namespace

void check_output_file(const std::string& out, const std::string& in, const std::string& in_name, bool force) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(out, ignored))) return;
  const fs::file_status status = fs::status(out, ignored);
  if ((fs::exists(status) && !fs::is_regular_file(status)) || leads_to_device(out))
    throw usage_error({.file = out, .problem = "exists and is not a file"});
  if (fs::equivalent(out, in, ignored))
    throw usage_error({.file = out, .problem = "is " + in_name + " itself", .hint = "choose another name"});
  if (!force) throw usage_error({.file = out, .problem = "the file exists", .hint = "--force replaces it"});
}

}  // namespace nib
