#include "support/situations.h"

#include <numbers>

#include "support/outline.h"
#include "support/painting.h"

namespace nib::situations {
namespace {

constexpr float degree = std::numbers::pi_v<float> / 180;

/// What most situations begin with.
struct Scene {
  Random random;
  styles::Outline outline;
  float side, paper, ink, softness, moved_out;  ///< `side` of the picture

  Scene(const Dataset& dataset, std::size_t index, Situation situation)
      : random(index, static_cast<std::uint32_t>(situation)), outline(styles::Outline::of_strokes(dataset, index)) {
    side = random.between(240, 420);
    paper = random.between(185, 240);
    ink = random.between(25, 85);
    softness = random.between(1.2F, 2.5F);
    moved_out = random.between(-0.15F, 0.35F);
  }

  Field blank(float rows, float columns, float level) const {
    return field_of(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), level);
  }
  /// How far a place is inside the stroke, in pixels, where the data set's frame is `frame` pixels at `corner`.
  float stroke(Point at, Point corner, float frame) const {
    const float scale = frame / 28, row = (at.row - corner.row) / scale, column = (at.column - corner.column) / scale;
    if (row < 0 || row > 28 || column < 0 || column > 28) return -softness;
    return (outline.inside(row, column) + moved_out) * scale;
  }
  void write(Field& picture, Point corner, float frame) const {
    paint(picture, softness, ink, [&](Point at) { return stroke(at, corner, frame); });
  }
  /// Writes into a box: the frame 75 to 98 % of its smaller side, anywhere that leaves the frame inside.
  void write_into(Field& picture, Point first, Point last, float least = 0.75F, float most = 0.98F) {
    const float rows = last.row - first.row, columns = last.column - first.column;
    const float frame = std::min(rows, columns) * random.between(least, most);
    write(picture, {first.row + random.between(0, rows - frame), first.column + random.between(0, columns - frame)},
          frame);
  }
  GreyImage photographed(Field& picture) {
    shade(picture, random.between(0, 0.15F), random.between(0, 360 * degree));
    add_noise(picture, random.between(2, 5), random);
    return grey(picture);
  }
};

void lay_desk(Field& picture, Situation situation, Scene& scene) {
  Random& random = scene.random;
  if (situation == Situation::desk || situation == Situation::dark_sheet) {
    const float level = situation == Situation::desk ? random.between(25, 110) : random.between(150, 225);
    for (float& value : picture.values) value = level;
  } else if (situation == Situation::wood) {
    const float level = random.between(50, 140), grain = random.between(8, 25), plank = random.between(60, 140),
                phase = random.between(0, 6), bend = random.between(2, 8);
    for (std::size_t row = 0; row < picture.rows; ++row)
      for (std::size_t column = 0; column < picture.columns; ++column) {
        const float y = static_cast<float>(row), x = static_cast<float>(column);
        const float wave =
            std::sin(0.35F * (y + bend * std::sin(0.013F * x + phase)) + phase) + 0.5F * std::sin(0.9F * y + 0.02F * x);
        const bool seam = std::fmod(y + phase * 20, plank) < 2.5F;
        picture.at(row, column) = (seam ? 0.5F : 1.0F) * level + grain * wave / 1.5F;
      }
  } else {
    const float level = random.between(40, 110), step = random.between(15, 50), square = random.between(12, 40);
    for (std::size_t row = 0; row < picture.rows; ++row)
      for (std::size_t column = 0; column < picture.columns; ++column) {
        const auto down = static_cast<int>(static_cast<float>(row) / square),
                   across = static_cast<int>(static_cast<float>(column) / square);
        picture.at(row, column) = level + step * static_cast<float>(down % 2 + across % 2) / 2;
      }
  }
}

GreyImage sheet_on(Situation situation, std::size_t index, Scene& scene) {
  Random& random = scene.random;
  const float rows = random.between(280, 520), columns = random.between(280, 520);
  Field picture = scene.blank(rows, columns, 0);
  lay_desk(picture, situation, scene);
  if (situation == Situation::dark_sheet) {
    scene.paper = random.between(30, 80);
    scene.ink = random.between(180, 235);
  } else {
    scene.paper = std::max(scene.paper, 195.0F);
  }
  const float height = rows * random.between(0.5F, 0.85F), width = columns * random.between(0.5F, 0.85F),
              angle = random.between(-12, 12) * degree;
  Point middle{rows / 2, columns / 2};
  if (index % 3 == 2) (random.either() ? middle.row : middle.column) *= random.either() ? 0.55F : 1.45F;
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const float down = height * ((i == 0 || i == 1 ? -0.5F : 0.5F) + random.between(-0.08F, 0.08F)),
                across = width * ((i == 0 || i == 3 ? -0.5F : 0.5F) + random.between(-0.08F, 0.08F));
    quad[i] = {middle.row + down * std::cos(angle) + across * std::sin(angle),
               middle.column + across * std::cos(angle) - down * std::sin(angle)};
  }
  paint(picture, scene.softness, scene.paper, [&](Point at) { return inside_quad(quad, at); });
  const ToSquare to_square(quad);
  // The digit where both sheet and picture are: its frame in the sheet's own pixels.
  const Point seen_first =
                  to_square({std::max(0.0F, middle.row - height / 2), std::max(0.0F, middle.column - width / 2)}),
              seen_last =
                  to_square({std::min(rows, middle.row + height / 2), std::min(columns, middle.column + width / 2)});
  const Point first{std::max(0.06F, seen_first.row + 0.06F) * height,
                    std::max(0.06F, seen_first.column + 0.06F) * width},
      last{std::min(0.94F, seen_last.row - 0.06F) * height, std::min(0.94F, seen_last.column - 0.06F) * width};
  const float frame = std::min(last.row - first.row, last.column - first.column) * random.between(0.5F, 0.95F);
  const Point corner{random.between(first.row, last.row - frame), random.between(first.column, last.column - frame)};
  paint(picture, scene.softness, scene.ink, [&](Point at) {
    const Point on_sheet = to_square(at);
    return scene.stroke({on_sheet.row * height, on_sheet.column * width}, corner, frame);
  });
  return scene.photographed(picture);
}

GreyImage whiteboard(Scene& scene) {
  Random& random = scene.random;
  Field picture = scene.blank(scene.side, scene.side * random.between(1, 1.4F), random.between(100, 170));
  const auto rows = static_cast<float>(picture.rows), columns = static_cast<float>(picture.columns);
  const Point first{rows * random.between(0.04F, 0.15F), columns * random.between(0.04F, 0.15F)},
      last{rows * random.between(0.8F, 0.9F), columns * random.between(0.85F, 0.96F)};
  const float frame = rows * random.between(0.02F, 0.04F), tray = last.row + frame;
  paint(picture, 2, random.between(60, 130), [&](Point at) { return inside_box(first, last, at) + frame; });
  paint(picture, 2, std::max(scene.paper, 205.0F), [&](Point at) { return inside_box(first, last, at); });
  for (int pen = 0; pen < 2; ++pen) {
    const Point from{tray, columns * random.between(0.2F, 0.6F)};
    paint(picture, 2, random.between(20, 90), [&](Point at) {
      return inside_line(from, {tray, from.column + columns * 0.15F}, rows * 0.025F, at);
    });
  }
  scene.write_into(picture, first, last, 0.5F, 0.92F);
  return scene.photographed(picture);
}

GreyImage drawing_window(Scene& scene) {
  Random& random = scene.random;
  Field picture = scene.blank(scene.side, scene.side * 1.3F, random.between(90, 215));
  const auto rows = static_cast<float>(picture.rows), columns = static_cast<float>(picture.columns);
  const float title = rows * 0.06F, tools = columns * random.between(0.06F, 0.1F), bar = random.between(40, 240);
  paint(picture, 0.5F, bar, [&](Point at) { return title - at.row; });
  paint(picture, 0.5F, random.between(200, 240), [&](Point at) { return std::min(tools - at.column, at.row - title); });
  for (int icon = 0; icon < 6; ++icon) {
    const Point middle{title + tools * (0.7F + static_cast<float>(icon)), tools / 2};
    paint(picture, 1, random.between(30, 130), [&](Point at) { return inside_disc(middle, tools * 0.28F, at); });
  }
  const Point first{title + rows * random.between(0.02F, 0.1F), tools + columns * random.between(0.02F, 0.1F)},
      last{rows * random.between(0.85F, 0.97F), columns * random.between(0.85F, 0.97F)};
  paint(picture, 0.5F, 255, [&](Point at) { return inside_box(first, last, at); });
  scene.ink = random.between(0, 40);
  scene.softness = 1;
  scene.write_into(picture, first, last, 0.5F, 0.95F);
  return grey(picture);
}

GreyImage outlined(Situation situation, Scene& scene) {
  Random& random = scene.random;
  const float side = scene.side, line = random.between(20, 120);
  const float inset = side * (situation == Situation::frame ? random.between(0, 0.15F) : random.between(0.05F, 0.2F));
  const float height = side - 2 * inset, width = height * random.between(0.9F, 1.1F);
  Field picture = scene.blank(side, 2 * inset + width, scene.paper);
  const Point first{inset, inset}, last{inset + height, inset + width}, middle{inset + height / 2, inset + width / 2};
  const float thick = std::max(1.5F, height * random.between(0.01F, 0.03F));
  const float corner = situation == Situation::rounded_box ? height * random.between(0.08F, 0.25F) : 0;
  const float radius = std::min(height, width) / 2;
  paint(picture, scene.softness, line, [&](Point at) {
    return outline_of(
        situation == Situation::circle ? inside_disc(middle, radius, at) : inside_box(first, last, at, corner), thick);
  });
  const float aside = thick + side * (situation == Situation::circle ? 0.1F : 0.02F);
  scene.write_into(picture, {first.row + aside, first.column + aside}, {last.row - aside, last.column - aside});
  return scene.photographed(picture);
}

GreyImage form_row(Scene& scene) {
  Random& random = scene.random;
  const float height = scene.side * 0.6F, width = height * random.between(0.75F, 1.1F), margin = height * 0.3F;
  const int cells = random.whole_between(3, 6);
  const float thick = std::max(1.5F, height * random.between(0.012F, 0.03F)), line = random.between(20, 120);
  const float cut = random.either() ? 0 : width * random.between(0.2F, 0.6F);
  const int filled = cut > 0 ? random.whole_between(1, cells - 2) : random.whole_between(0, cells - 1);
  Field picture =
      scene.blank(height + 2 * margin, width * static_cast<float>(cells) + 2 * margin - 2 * cut, scene.paper);
  const float left = margin - cut;
  for (int i = 0; i < cells; ++i) {
    const float from = left + width * static_cast<float>(i);
    paint(picture, scene.softness, line, [&](Point at) {
      return outline_of(inside_box({margin, from}, {margin + height, from + width}, at), thick);
    });
  }
  const float from = left + width * static_cast<float>(filled), aside = thick + height * 0.02F;
  scene.write_into(picture, {margin + aside, from + aside}, {margin + height - aside, from + width - aside});
  return scene.photographed(picture);
}

GreyImage sudoku_cell(Scene& scene) {
  Random& random = scene.random;
  const float side = scene.side, inset = side * random.between(0.03F, 0.12F), line = random.between(20, 110);
  Field picture = scene.blank(side, side, scene.paper);
  const float thin = std::max(1.5F, side * random.between(0.008F, 0.016F)), thick = 2.5F * thin;
  const bool above = random.either(), left = random.either();
  const auto rule = [&](bool level, float place, float width) {
    paint(picture, scene.softness, line,
          [&](Point at) { return width / 2 - std::abs((level ? at.row : at.column) - place); });
  };
  rule(true, inset, above ? thick : thin);
  rule(true, side - inset, above ? thin : thick);
  rule(false, inset, left ? thick : thin);
  rule(false, side - inset, left ? thin : thick);
  const float aside = inset + thick / 2 + side * 0.02F;
  scene.write_into(picture, {aside, aside}, {side - aside, side - aside}, 0.7F, 0.97F);
  return scene.photographed(picture);
}

GreyImage at_the_edge(Situation situation, Scene& scene) {
  Random& random = scene.random;
  Field picture = scene.blank(scene.side, scene.side * random.between(1, 1.3F), scene.paper);
  const auto rows = static_cast<float>(picture.rows), columns = static_cast<float>(picture.columns);
  Point first{0, 0}, last{rows, columns};
  const auto inside_side = [&](int side, Point at) {
    return std::array{at.row, columns - at.column, rows - at.row, at.column}[static_cast<std::size_t>(side)];
  };
  const auto keep_off = [&](int side, float width) {
    (side == 0   ? first.row
     : side == 1 ? last.column
     : side == 2 ? last.row
                 : first.column) += side % 3 ? -width : width;
  };
  const int begin = random.whole_between(0, 3);
  if (situation == Situation::scanner_edge) {
    for (int i = 0, stripes = random.whole_between(1, 3); i < stripes; ++i) {
      const float width = scene.side * random.between(0.008F, 0.08F), slope = random.between(-0.02F, 0.02F);
      const int side = (begin + i) % 4;
      paint(picture, scene.softness, random.between(10, 90), [&](Point at) {
        return width + slope * ((side % 2 ? at.row : at.column) - scene.side / 2) - inside_side(side, at);
      });
      keep_off(side, width + scene.side * 0.02F);
    }
  } else if (situation == Situation::letterbox) {
    const float width = (begin % 2 ? columns : rows) * random.between(0.06F, 0.25F),
                level = random.word() % 4 == 0 ? 255 : random.between(0, 12);
    for (const int side : {begin, (begin + 2) % 4}) {
      paint(picture, 0.5F, level, [&](Point at) { return width - inside_side(side, at); });
      keep_off(side, width);
    }
  } else if (situation == Situation::punch_holes) {
    const float radius = scene.side * random.between(0.02F, 0.035F), off = scene.side * random.between(0.05F, 0.09F);
    const int holes = random.whole_between(2, 3);
    const float level = random.between(15, 90);
    for (int hole = 0; hole < holes; ++hole) {
      const float along = (static_cast<float>(hole) + 0.5F) / static_cast<float>(holes);
      const Point middle = begin % 2 ? Point{rows * along, begin == 1 ? columns - off : off}
                                     : Point{begin == 0 ? off : rows - off, columns * along};
      paint(picture, scene.softness, level, [&](Point at) { return inside_disc(middle, radius, at); });
    }
    if (random.either()) paint(picture, 1, 70, [&](Point at) { return inside_line({8, 10}, {16, 34}, 2.5F, at); });
    keep_off(begin, off + radius * 1.3F);
  } else {
    const float width = scene.side * random.between(0.12F, 0.25F), far = scene.side * random.between(0.1F, 0.22F),
                along = (begin % 2 ? rows : columns) * random.between(0.2F, 0.8F), level = random.between(100, 150);
    const auto place = [&](float depth) {
      return std::array{Point{depth, along}, Point{along, columns - depth}, Point{rows - depth, along},
                        Point{along, depth}}[static_cast<std::size_t>(begin)];
    };
    paint(picture, 3, level, [&](Point at) { return inside_line(place(-width), place(far - width / 2), width, at); });
    keep_off(begin, far + scene.side * 0.02F);
  }
  scene.write_into(picture, first, last, 0.7F, 0.95F);
  return scene.photographed(picture);
}

GreyImage cut(const GreyImage& picture, Scene& scene) {
  std::size_t top = picture.rows, bottom = 0, left = picture.columns, right = 0;
  const float middle = (scene.paper + scene.ink) / 2;
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      if (static_cast<float>(picture.at(row, column)) > middle) continue;
      top = std::min(top, row);
      bottom = std::max(bottom, row + 1);
      left = std::min(left, column);
      right = std::max(right, column + 1);
    }
  const auto margin = [&] {
    return static_cast<std::size_t>(scene.random.between(0, 0.04F) * static_cast<float>(bottom - top));
  };
  top -= std::min(top, margin());
  left -= std::min(left, margin());
  bottom = std::min(picture.rows, bottom + margin());
  right = std::min(picture.columns, right + margin());
  GreyImage result{bottom - top, right - left, {}};
  for (std::size_t row = top; row < bottom; ++row)
    for (std::size_t column = left; column < right; ++column) result.light.push_back(picture.at(row, column));
  return result;
}

GreyImage under_a_shadow(Scene& scene) {
  Random& random = scene.random;
  Field picture = scene.blank(scene.side, scene.side, scene.paper);
  scene.write_into(picture, {0, 0}, {scene.side, scene.side}, 0.7F, 0.95F);
  const float angle = random.between(0, 360 * degree), soft = random.between(1, 6),
              kept = 1 - random.between(0.35F, 0.65F), off = scene.side * random.between(-0.12F, 0.12F);
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      const float y = static_cast<float>(row) - scene.side / 2, x = static_cast<float>(column) - scene.side / 2;
      const float part = std::clamp((x * std::cos(angle) + y * std::sin(angle) - off) / soft + 0.5F, 0.0F, 1.0F);
      picture.at(row, column) *= 1 - part * (1 - kept);
    }
  return scene.photographed(picture);
}

GreyImage small_digit(Scene& scene) {
  Random& random = scene.random;
  const float rows = random.between(1200, 1500), columns = random.between(1600, 2000);
  Field picture = scene.blank(rows, columns, scene.paper);
  const float frame = random.between(40, 60) * 1.4F;
  scene.write(picture, {random.between(0.1F, 0.8F) * rows, random.between(0.1F, 0.8F) * columns}, frame);
  return scene.photographed(picture);
}

GreyImage few_levels(Situation situation, std::size_t index, Scene& scene) {
  const bool two = situation == Situation::two_levels;
  const float side = two ? scene.random.between(28, 120) : static_cast<float>(scene.random.whole_between(8, 16));
  const bool light_ink = !two || index % 2;
  const float full = two ? 1 : 16;
  // Drawn eight times as large, and each pixel the mean of its block: what scanners of few levels give.
  Field large = scene.blank(8 * side, 8 * side, light_ink ? 0 : full);
  scene.ink = light_ink ? full : 0;
  const float frame = 8 * side * (two ? 0.9F : 1.2F);
  const float corner = 4 * side - frame / 2;
  scene.moved_out = two ? scene.moved_out : 0;
  scene.write(large, {corner, corner}, frame);
  return grey(reduced(large, 8));
}

}  // namespace

const char* name(Situation situation) {
  constexpr std::array<const char*, count> names = {
      "sheet on a desk", "sheet on wood", "sheet on cloth", "slate on a table", "whiteboard",
      "drawing window",  "box",           "circle",         "rounded box",      "row of a form",
      "sudoku cell",     "frame",         "scanner's edge", "letterbox",        "punch holes",
      "finger",          "tight crop",    "hard shadow",    "small digit",      "two levels",
      "17 levels"};
  return names[static_cast<std::size_t>(situation)];
}

GreyImage drawn(const Dataset& dataset, std::size_t index, Situation situation) {
  Scene scene(dataset, index, situation);
  switch (situation) {
    case Situation::desk:
    case Situation::wood:
    case Situation::cloth:
    case Situation::dark_sheet:
      return sheet_on(situation, index, scene);
    case Situation::whiteboard:
      return whiteboard(scene);
    case Situation::window:
      return drawing_window(scene);
    case Situation::box:
    case Situation::circle:
    case Situation::rounded_box:
    case Situation::frame:
      return outlined(situation, scene);
    case Situation::form_row:
      return form_row(scene);
    case Situation::sudoku_cell:
      return sudoku_cell(scene);
    case Situation::scanner_edge:
    case Situation::letterbox:
    case Situation::punch_holes:
    case Situation::finger:
      return at_the_edge(situation, scene);
    case Situation::tight_crop: {
      Field picture = scene.blank(scene.side, scene.side, scene.paper);
      scene.write_into(picture, {0, 0}, {scene.side, scene.side}, 0.5F, 0.95F);
      return cut(scene.photographed(picture), scene);
    }
    case Situation::hard_shadow:
      return under_a_shadow(scene);
    case Situation::small_digit:
      return small_digit(scene);
    case Situation::two_levels:
    case Situation::seventeen_levels:
      return few_levels(situation, index, scene);
  }
  return {};
}

}  // namespace nib::situations
