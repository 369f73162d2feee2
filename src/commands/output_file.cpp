#include "commands/output_file.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace nib {

namespace fs = std::filesystem;

void check_output_file(const std::string& out, const std::string& in, const std::string& in_name, bool force) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(out, ignored))) return;
  const fs::file_status status = fs::status(out, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw usage_error({.file = out, .problem = "exists and is not a file"});
  if (fs::equivalent(out, in, ignored))
    throw usage_error({.file = out, .problem = "is " + in_name + " itself", .hint = "choose another name"});
  if (!force) throw usage_error({.file = out, .problem = "the file exists", .hint = "--force replaces it"});
}

}  // namespace nib
