#include "machine/checks.h"

#include "base/error.h"

namespace nib {

Check failed_check(const std::string& subject, const Error& error) {
  const std::string& hint = error.problem().hint;
  return {.subject = subject, .finding = without_file(error), .fix = hint.empty() ? "see " + setting("help") : hint};
}

}  // namespace nib
