#include "score/letter_strokes.h"

#include <array>
#include <string_view>

namespace nib {
namespace {

/// Each point is two figures, across and down; a comma ends a stroke, and ~ begins one that is round.
constexpr std::array<std::string_view, 58> letters = {
    "062046,1333",                   // A
    "~4130100204163645",             // C
    "0006,~002041452606",            // D
    "40000646,0333",                 // E
    "400006,0333",                   // F
    "~4130100204163644,444323",      // G
    "0006,4046,0343",                // H
    "~30303436160504",               // J
    "0006,4003,1346",                // K
    "000646",                        // L
    "0600234046",                    // M
    "06004640",                      // N
    "0006,~003041423303",            // P
    "~200003062646434020,3446",      // Q
    "0006,~003041423303,2346",       // R
    "0040,2026",                     // T
    "~000004062646444040",           // U
    "002640",                        // V
    "0016213640",                    // W
    "0046,4006",                     // X
    "002340,2326",                   // Y
    "~02204043,4346,~431304062644",  // a
    "~41200003062645",               // c
    "4046,~43220204062645",          // d
    "0343,~4340200003062645",        // e
    "~4020121316,0333",              // f
    "0006,~0422424446",              // h
    "2226,2020",                     // i
    "~323235361605,3030",            // j
    "0006,4204,1446",                // k
    "0006,~0210202326,~2230404346",  // m
    "0006,~0210404346",              // n
    "0006,~01204042442403",          // p
    "0006,~03113041",                // r
    "~2020252646,0242",              // t
    "~000004062644,4046",            // u
    "002640",                        // v
    "0016223640",                    // w
    "0046,4006",                     // x
    "0023,4006",                     // y
    // The same as others write or print them.
    "~1105060626263602000211",       // A, round
    "~40200003062646,0343",          // E, round
    "~41301001030516364543,4323",    // G
    "~3020,30343536160504,1040",     // J
    "0006,40130346",                 // K
    "0600244046",                    // M
    "~200003062646434020,2346",      // Q
    "0006,2026,0323",                // H, narrow
    "~00000526454540,4046",          // U
    "~001626204046264640",           // W, round
    "~42220204062644,4246",          // a, of one storey
    "~43220204062645,4042,4246",     // d
    "~3020112126,0242",              // f
    "0006,420446",                   // k
    "0206,~0312222326,~2332424346",  // m, low
    "0206,~0312324346",              // n, low
    "0206,~03123242",                // r, low
    "0224,4216",                     // y, low
};

}  // namespace

std::size_t letter_count() { return letters.size(); }

std::vector<LetterStroke> letter_strokes(std::size_t letter) {
  std::vector<LetterStroke> strokes(1);
  float across = -1;
  for (const char each : letters[letter]) {
    if (each == ',') {
      strokes.emplace_back();
    } else if (each == '~') {
      strokes.back().round = true;
    } else if (each >= '0' && each <= '9') {
      const auto figure = static_cast<float>(each - '0');
      if (across < 0) {
        across = figure;
      } else {
        strokes.back().line.push_back({across, figure});
        across = -1;
      }
    }
  }
  return strokes;
}

}  // namespace nib
