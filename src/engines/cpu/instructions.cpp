#include "engines/cpu/instructions.h"

#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "engines/cpu/targets.h"
#include "hwy/targets.h"

namespace nib::cpu {
namespace {

bool available(Instructions instructions) {
  switch (instructions) {
    case Instructions::scalar:
      return true;
    case Instructions::avx2:
      return (hwy::SupportedTargets() & HWY_AVX2) != 0;
    case Instructions::avx512:
      return (hwy::SupportedTargets() & HWY_AVX3) != 0;
  }
  return false;
}

}  // namespace

std::string_view instructions_name(Instructions instructions) {
  switch (instructions) {
    case Instructions::scalar:
      return "scalar";
    case Instructions::avx2:
      return "AVX2";
    case Instructions::avx512:
      return "AVX-512";
  }
  return "unknown";
}

Instructions choose_instructions() {
  const char* wanted = std::getenv("NIB_INSTRUCTIONS");
  if (wanted == nullptr || *wanted == '\0') {
    for (const Instructions best : {Instructions::avx512, Instructions::avx2})
      if (available(best)) return best;
    return Instructions::scalar;
  }
  const std::string name = wanted;
  for (const auto& [word, instructions] :
       {std::pair{"scalar", Instructions::scalar}, {"avx2", Instructions::avx2}, {"avx512", Instructions::avx512}}) {
    if (name != word) continue;
    if (!available(instructions))
      throw usage_error({.file = "NIB_INSTRUCTIONS",
                         .problem = "this processor does not have " + std::string(instructions_name(instructions)),
                         .hint = "unset it to use the best instruction set there is"});
    return instructions;
  }
  throw usage_error({.file = "NIB_INSTRUCTIONS",
                     .problem = "no such instruction set",
                     .expected = "scalar, avx2 or avx512",
                     .got = "\"" + printable(name, 60) + "\""});
}

}  // namespace nib::cpu
