#include "logs/tiny_png.h"

namespace nib {

std::vector<std::uint8_t> tiny_png(std::uint8_t colour_type) {
  return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',  // signature
          0,    0,   0,   13,  'I',  'H',  'D',  'R',  0, 0,   0,   3,   0,   0, 0, 2, 8, colour_type, 0, 0,
          0,    0,   0,   0,   0,    0,    0,    0,    0, 'I', 'E', 'N', 'D', 0, 0, 0, 0};
}

}  // namespace nib
