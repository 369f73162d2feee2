#include "drawing/palette.h"

#include <array>
#include <cstddef>

namespace nib {
namespace {

struct Entry {
  const char* name;
  Colour colour;
};

constexpr std::array<Entry, 11> entries = {{{"none", {}},
                                            {"paper", {255, 255, 255}},
                                            {"ink", {26, 29, 35}},
                                            {"muted", {90, 98, 110}},
                                            {"grid", {221, 225, 231}},
                                            {"first", {27, 95, 170}},
                                            {"second", {225, 116, 28}},
                                            {"third", {20, 140, 110}},
                                            {"fourth", {190, 90, 150}},
                                            {"right", {27, 95, 170}},
                                            {"wrong", {190, 24, 40}}}};
static_assert(entries.size() == static_cast<std::size_t>(Role::wrong) + 1);

}  // namespace

Colour colour_of(Role role) { return entries[static_cast<std::size_t>(role)].colour; }

const char* name_of(Role role) { return entries[static_cast<std::size_t>(role)].name; }

std::span<const double> lengths_of(Dash dash) {
  static constexpr double dashes[] = {6, 4}, dots[] = {1.5, 3}, dash_dot[] = {9, 3, 1.5, 3};
  switch (dash) {
    case Dash::dashes:
      return dashes;
    case Dash::dots:
      return dots;
    case Dash::dash_dot:
      return dash_dot;
    case Dash::none:
      break;
  }
  return {};
}

}  // namespace nib
