#include "support/sketches.h"

#include <array>
#include <cmath>
#include <vector>

namespace nib::styles {
namespace {

constexpr double full_turn = 6.283185307179586;

/// A sheet whose middle is the origin and on which a sketch reaches from -1 to 1.
class Sheet {
 public:
  Sheet(std::size_t side, PictureRandom& random) : canvas_(side, side), random_(random) {
    const double whole = static_cast<double>(side);
    scale_ = whole * static_cast<double>(random.between(0.25F, 0.42F));
    shake_ = scale_ * static_cast<double>(random.between(0, 0.06F));
    wide_ = random.between(0.85F, 1.15F);
    const auto middle = [&] {
      return whole / 2 + (whole / 2 - scale_) * static_cast<double>(random.between(-0.3F, 0.3F));
    };
    x_ = middle();
    y_ = middle();
    cairo_set_line_width(canvas_.pen(), scale_ * static_cast<double>(random.between(0.08F, 0.2F)));
  }

  void line(std::vector<double> points, bool closed = false) {
    for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
      points[i] = x_ + scale_ * wide_ * points[i];
      points[i + 1] = y_ + scale_ * points[i + 1];
    }
    canvas_.line(points, shake_, random_, closed);
  }
  void circle(double x, double y, double radius) {
    canvas_.circle(x_ + scale_ * wide_ * x, y_ + scale_ * y, scale_ * radius);
  }
  /// `place` gives (x, y) for 0 to 1.
  template <typename Place>
  void curve(const Place& place, int points = 40) {
    std::vector<double> all;
    for (int i = 0; i <= points; ++i) {
      const auto [x, y] = place(static_cast<double>(i) / points);
      all.insert(all.end(), {x, y});
    }
    const double shake = shake_;
    shake_ *= 0.3;
    line(all);
    shake_ = shake;
  }
  Field ink() const { return canvas_.ink(); }

 private:
  Canvas canvas_;
  PictureRandom& random_;
  double scale_, shake_, wide_, x_ = 0, y_ = 0;
};

using Point = std::array<double, 2>;

Point on_circle(double turn, double radius) { return {radius * std::sin(turn), -radius * std::cos(turn)}; }

void house(Sheet& sheet) {
  sheet.line({-0.8, 1, -0.8, -0.1, 0, -1, 0.8, -0.1, 0.8, 1}, true);
  sheet.line({-0.8, -0.1, 0.8, -0.1});
  sheet.line({-0.2, 1, -0.2, 0.4, 0.25, 0.4, 0.25, 1});
}
void face(Sheet& sheet) {
  sheet.circle(0, 0, 1);
  sheet.circle(-0.35, -0.3, 0.08);
  sheet.circle(0.35, -0.3, 0.08);
  sheet.curve([](double t) { return Point{1.0 * t - 0.5, 0.3 + 1.0 * t * (1 - t)}; });
}
void star(Sheet& sheet) {
  std::vector<double> points;
  for (int i = 0; i < 5; ++i) {
    const Point point = on_circle(full_turn * 2 * i / 5, 1);
    points.insert(points.end(), {point[0], point[1]});
  }
  sheet.line(points, true);
}
void tree(Sheet& sheet) {
  sheet.line({0, 1, 0, 0.2});
  sheet.line({-0.8, 0.4, 0, -1, 0.8, 0.4}, true);
}
void spiral(Sheet& sheet) {
  sheet.curve([](double t) { return on_circle(full_turn * 3.2 * t, 0.1 + 0.9 * t); }, 90);
}
void heart(Sheet& sheet) {
  sheet.curve([](double t) {
    const double a = full_turn * t, s = std::sin(a);
    const double y = 13 * std::cos(a) - 5 * std::cos(2 * a) - 2 * std::cos(3 * a) - std::cos(4 * a);
    return Point{s * s * s, -y / 16};
  });
}
void fish(Sheet& sheet) {
  sheet.curve([](double t) { return Point{1.0 - 1.8 * t, 0.55 * std::sin(full_turn / 2 * t * 1.15)}; });
  sheet.curve([](double t) { return Point{1.0 - 1.8 * t, -0.55 * std::sin(full_turn / 2 * t * 1.15)}; });
  sheet.line({-0.8, 0.25, -0.8, -0.25});
  sheet.circle(0.6, -0.1, 0.05);
}
void cube(Sheet& sheet) {
  sheet.line({-0.9, -0.4, 0.4, -0.4, 0.4, 0.9, -0.9, 0.9}, true);
  sheet.line({-0.9, -0.4, -0.4, -0.9, 0.9, -0.9, 0.4, -0.4});
  sheet.line({0.9, -0.9, 0.9, 0.4, 0.4, 0.9});
}
void sun(Sheet& sheet) {
  sheet.circle(0, 0, 0.45);
  for (int i = 0; i < 8; ++i) {
    const Point from = on_circle(full_turn * i / 8, 0.6), to = on_circle(full_turn * i / 8, 1);
    sheet.line({from[0], from[1], to[0], to[1]});
  }
}
void flower(Sheet& sheet) {
  sheet.circle(0, -0.4, 0.18);
  for (int i = 0; i < 5; ++i) {
    const Point at = on_circle(full_turn * i / 5, 0.38);
    sheet.circle(at[0], at[1] - 0.4, 0.2);
  }
  sheet.line({0, -0.2, 0, 1});
  sheet.line({0, 0.6, 0.4, 0.3});
}
void person(Sheet& sheet) {
  sheet.circle(0, -0.7, 0.28);
  sheet.line({0, -0.42, 0, 0.3});
  sheet.line({-0.6, 0, 0.6, -0.1});
  sheet.line({-0.5, 1, 0, 0.3, 0.5, 1});
}
void cross(Sheet& sheet) {
  sheet.line({-0.9, -0.9, 0.9, 0.9});
  sheet.line({-0.9, 0.9, 0.9, -0.9});
}
void arrow(Sheet& sheet) {
  sheet.line({-1, 0, 1, 0});
  sheet.line({0.5, -0.45, 1, 0, 0.5, 0.45});
}
void car(Sheet& sheet) {
  sheet.line({-1, 0.3, -1, -0.1, -0.5, -0.1, -0.3, -0.6, 0.4, -0.6, 0.6, -0.1, 1, -0.1, 1, 0.3}, true);
  sheet.circle(-0.5, 0.45, 0.2);
  sheet.circle(0.5, 0.45, 0.2);
}
void zigzag(Sheet& sheet) { sheet.line({-1, 0.5, -0.6, -0.5, -0.2, 0.5, 0.2, -0.5, 0.6, 0.5, 1, -0.5}); }
void cup(Sheet& sheet) {
  sheet.line({-0.8, -0.7, -0.65, 0.8, 0.35, 0.8, 0.5, -0.7}, true);
  sheet.curve([](double t) { return Point{0.47 + 0.5 * std::sin(full_turn / 2 * t), -0.4 + 0.8 * t}; });
}

}  // namespace

Field sketched(std::size_t side, PictureRandom& random) {
  constexpr std::array all = {house, face,   star,   tree,  spiral, heart, fish,   cube,
                              sun,   flower, person, cross, arrow,  car,   zigzag, cup};
  const auto kind = random.word() % all.size();
  Sheet sheet(side, random);
  all[kind](sheet);
  return sheet.ink();
}

}  // namespace nib::styles
