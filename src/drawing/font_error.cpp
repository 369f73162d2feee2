#include "drawing/font_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "drawing/cairo.h"
#include "drawing/palette.h"

namespace nib {
namespace {

using Pattern = std::unique_ptr<FcPattern, void (*)(FcPattern*)>;

/// The file that fontconfig chooses, as Cairo asks it; empty where it finds none.
std::string font_file(bool bold) {
  const Pattern wanted(FcPatternCreate(), FcPatternDestroy);
  if (!wanted) return {};
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(typeface));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_MEDIUM);
  FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result{};
  const Pattern found(FcFontMatch(nullptr, wanted.get(), &result), FcPatternDestroy);
  FcChar8* file = nullptr;
  if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &file) != FcResultMatch) return {};
  return reinterpret_cast<const char*>(file);
}

/// Why a file cannot be read; 0 where it can.
int read_problem(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  char byte = 0;
  const int problem = read(file, &byte, 1) < 0 ? errno : 0;
  close(file);
  return problem;
}

}  // namespace

Error font_error(bool bold) {
  const std::string file = font_file(bold);
  if (file.empty()) return io_error({.file = typeface, .problem = "Cairo finds no font to draw with"});
  const int problem = read_problem(file);
  return io_error({.file = file,
                   .problem = problem == 0 ? "Cairo cannot use this font, or memory is used up"
                                           : "the font cannot be read: " + system_message(problem)});
}

}  // namespace nib
