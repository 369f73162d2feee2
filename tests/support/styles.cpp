#include "support/styles.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "support/jpeg_round_trip.h"
#include "support/outline.h"
#include "support/random_numbers.h"

namespace nib::styles {
namespace {

/// Numbers that belong to one picture in one style.
class Random : public test::RandomNumbers {
 public:
  Random(std::size_t picture, Style style)
      : RandomNumbers(20, {static_cast<std::uint32_t>(picture), static_cast<std::uint32_t>(style), 0x7374796c}) {}
};

struct Lines {
  float width, spacing, first, slope;  ///< pixels; rows a column
  float strength;                      ///< 1 is as dark as ink
  bool squared;
};

struct Direction {
  float down = 0, across = 1;
};

/// A soft-edged half plane that takes some of the light.
struct Shadow {
  Direction direction;
  float place, softness, loss;
};

/// All that makes a picture.
struct Scene {
  std::size_t rows = 0, columns = 0;
  float frame = 0, top = 0, left = 0;  ///< of the data set's 28 x 28 pixels, in pixels of the picture
  float paper = 0, ink = 0;            ///< levels of light, 0 to 255
  float moved_out = 0;                 ///< the outline, in pixels of the data set
  bool ball_pen = false;               ///< drawn along the strokes' middle lines
  float softness = 0;
  Direction light_direction{};
  float light_loss = 0, corner_loss = 0;
  float mottle = 0, mottle_phase = 0;
  float noise = 0;
  std::optional<Lines> lines{};
  std::optional<Shadow> shadow{};
  std::optional<int> jpeg_quality{};
};

constexpr float full_turn = 2 * std::numbers::pi_v<float>;

Direction any_direction(Random& random) {
  const float angle = random.between(0, full_turn);
  return {std::sin(angle), std::cos(angle)};
}

void write_with_pen(Scene& scene, Random& random) {
  scene.paper = random.between(190, 240);
  scene.ink = random.between(30, 80);
}

void write_with_chalk(Scene& scene, Random& random) {
  scene.paper = random.between(25, 75);
  scene.ink = random.between(190, 235);
}

void lay_out(Scene& scene, float frame, float rows, float columns, Random& random) {
  scene.frame = frame;
  scene.rows = static_cast<std::size_t>(rows);
  scene.columns = static_cast<std::size_t>(columns);
  scene.top = random.between(0, rows - frame);
  scene.left = random.between(0, columns - frame);
}

void lay_out(Scene& scene, float smallest_frame, float largest_frame, Random& random) {
  const float frame = random.between(smallest_frame, largest_frame);
  lay_out(scene, frame, frame * random.between(1, 1.5F), frame * random.between(1, 1.5F), random);
}

/// On a large canvas, within a tenth of one of its sides.
void lay_out_off_centre(Scene& scene, Random& random) {
  lay_out(scene, random.between(120, 200), random.between(400, 520), random.between(500, 640), random);
  const auto aside = [&](float& begin, std::size_t length) {
    const float room = static_cast<float>(length) - scene.frame, offset = random.between(0, 0.1F) * room;
    begin = random.word() % 2 ? offset : room - offset;
  };
  if (random.word() % 2)
    aside(scene.top, scene.rows);
  else
    aside(scene.left, scene.columns);
}

Scene usual_scene(std::size_t index, Random& random) {
  Scene scene;
  lay_out(scene, 140, 360, random);
  if (index % 4 == 3)
    write_with_chalk(scene, random);
  else
    write_with_pen(scene, random);
  scene.softness = random.between(1.5F, 3);
  scene.light_direction = any_direction(random);
  scene.light_loss = random.between(0, 0.12F);
  scene.mottle = random.between(0, 3);
  scene.mottle_phase = random.between(0, full_turn);
  scene.noise = random.between(3, 6);
  return scene;
}

Scene scene_of(std::size_t index, Style style, Random& random) {
  Scene scene = usual_scene(index, random);
  switch (style) {
    case Style::thick_strokes:
      lay_out(scene, 120, 600, random);
      scene.moved_out = random.between(0.45F, 0.75F);
      break;
    case Style::thin_strokes:
      scene.ball_pen = true;
      scene.moved_out = random.between(0.3F, 0.55F);
      break;
    case Style::dark_on_light:
      write_with_pen(scene, random);
      break;
    case Style::light_on_dark:
      write_with_chalk(scene, random);
      break;
    case Style::off_centre:
      lay_out_off_centre(scene, random);
      break;
    case Style::ruled_paper:
      scene.lines = Lines{.width = scene.frame * random.between(0.007F, 0.014F),
                          .spacing = scene.frame * random.between(0.2F, 0.4F),
                          .first = scene.frame * random.between(0, 0.2F),
                          .slope = random.between(-0.021F, 0.021F),
                          .strength = random.between(0.35F, 0.75F),
                          .squared = index % 3 == 2};
      break;
    case Style::gradient_light:
      scene.light_loss = random.between(0.45F, 0.65F);
      scene.corner_loss = random.between(0.1F, 0.25F);
      if (index % 2)
        scene.shadow = Shadow{.direction = any_direction(random),
                              .place = random.between(-0.3F, 0.3F),
                              .softness = random.between(0.08F, 0.2F),
                              .loss = random.between(0.15F, 0.3F)};
      break;
    case Style::jpeg_noise:
      lay_out(scene, 100, 220, random);
      scene.noise = random.between(6, 9);
      scene.jpeg_quality = random.whole_between(20, 30);
      break;
  }
  return scene;
}

/// How much of a pixel lies inside of an edge that is `distance` away and `softness` wide.
float coverage(float distance, float softness) { return std::clamp(distance / softness + 0.5F, 0.0F, 1.0F); }

float stroke_at(const Scene& scene, const Outline& outline, float row, float column) {
  const float scale = scene.frame / 28;
  const float y = (row - scene.top) / scale, x = (column - scene.left) / scale;
  if (y < 0 || y > 28 || x < 0 || x > 28) return 0;
  return coverage((outline.inside(y, x) + scene.moved_out) * scale, scene.softness);
}

float line_at(const Lines& lines, float along, float across) {
  const float place = across + lines.slope * along - lines.first;
  const float from_line = std::abs(place - lines.spacing * std::round(place / lines.spacing));
  return lines.strength * coverage(lines.width / 2 - from_line, 1.5F);
}

float lines_at(const Scene& scene, float row, float column) {
  if (!scene.lines) return 0;
  const float level = line_at(*scene.lines, column, row);
  return scene.lines->squared ? std::max(level, line_at(*scene.lines, -row, column)) : level;
}

/// What part of the full light falls on a place, given from -0.5 to 0.5 down and across the picture.
float light_at(const Scene& scene, float down, float across) {
  const auto along = [&](const Direction& direction) { return across * direction.across + down * direction.down; };
  float light = 1 - scene.light_loss * (0.5F + along(scene.light_direction) / std::numbers::sqrt2_v<float>);
  light *= 1 - scene.corner_loss * 2 * (down * down + across * across);
  if (scene.shadow)
    light *=
        1 - scene.shadow->loss * coverage(along(scene.shadow->direction) - scene.shadow->place, scene.shadow->softness);
  return light;
}

/// The two factors of the mottle, of rows and of columns.
std::vector<float> wave(std::size_t length, float frequency, float phase) {
  std::vector<float> values;
  for (std::size_t i = 0; i < length; ++i) values.push_back(std::sin(frequency * static_cast<float>(i) + phase));
  return values;
}

GreyImage painted(const Scene& scene, const Outline& outline, Random& random) {
  GreyImage image{scene.rows, scene.columns, {}};
  image.light.reserve(scene.rows * scene.columns);
  const std::vector<float> down_wave = wave(scene.rows, 0.043F, scene.mottle_phase),
                           across_wave = wave(scene.columns, 0.031F, -scene.mottle_phase);
  for (std::size_t i = 0; i < scene.rows; ++i)
    for (std::size_t j = 0; j < scene.columns; ++j) {
      const float row = static_cast<float>(i) + 0.5F, column = static_cast<float>(j) + 0.5F;
      const float ink = std::max(stroke_at(scene, outline, row, column), lines_at(scene, row, column));
      const float surface =
          scene.paper + ink * (scene.ink - scene.paper) + scene.mottle * down_wave[i] * across_wave[j];
      const float light = light_at(scene, row / static_cast<float>(scene.rows) - 0.5F,
                                   column / static_cast<float>(scene.columns) - 0.5F);
      const float seen = surface * light + scene.noise * random.deviation();
      image.light.push_back(static_cast<std::uint8_t>(std::clamp(std::round(seen), 0.0F, 255.0F)));
    }
  return image;
}

}  // namespace

const char* name(Style style) {
  constexpr std::array names = {"thick strokes", "thin strokes", "dark on light",  "light on dark",
                                "off-centre",    "ruled paper",  "gradient light", "JPEG noise"};
  return names[static_cast<std::size_t>(style)];
}

GreyImage redrawn(const Dataset& dataset, std::size_t index, Style style) {
  Random random(index, style);
  const Scene scene = scene_of(index, style, random);
  const Outline outline =
      scene.ball_pen ? Outline::of_middle_lines(dataset, index) : Outline::of_strokes(dataset, index);
  const GreyImage image = painted(scene, outline, random);
  return scene.jpeg_quality ? through_jpeg(image, *scene.jpeg_quality) : image;
}

}  // namespace nib::styles
