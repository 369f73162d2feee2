#pragma once

#include <span>
#include <string>
#include <vector>

#include "pictures/axis.h"

namespace nib {

/// What the figures of a chart are, which says how they are best spread over its height.
enum class Figure { accuracy, loss, rate };

/// The vertical axis of figures over epochs. Where the first epochs are far from the later ones (a factor of three in
/// loss, or in the share of errors) it is logarithmic in the loss, or in the share of errors, 1 - accuracy, so that the
/// first epoch does not squash all others; else it is straight.
class ValueScale {
 public:
  /// For these figures, drawn from `bottom` to `top`. Figures that cannot be drawn are passed over.
  ValueScale(Figure figure, std::span<const double> values, double bottom, double top);

  /// Beyond 1e100 differences may overflow; NaN cannot be drawn either.
  static bool can_be_drawn(double value);

  /// Where a figure lies.
  double operator()(double value) const { return place(value, least_); }
  /// Also where a figure would lie that the axis was not made for, on a logarithmic axis at most a decade below it.
  double beyond(double value) const { return place(value, least_ / 10); }
  bool is_logarithmic() const { return logarithmic_; }
  double bottom() const { return axis_.begin; }
  double top() const { return axis_.end; }

  struct Tick {
    double at;
    std::string label;
  };
  std::vector<Tick> ticks() const;

 private:
  double place(double value, double least) const;  ///< what is less than `least` lies there
  std::vector<Tick> straight_ticks() const;
  std::vector<Tick> logarithmic_ticks() const;

  Figure figure_;
  bool logarithmic_ = false;
  double least_ = 0;  ///< on a logarithmic axis: what is smaller, such as no errors at all, lies there
  Axis axis_;
};

}  // namespace nib
