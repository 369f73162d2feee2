#include "runs/picture_files.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"
#include "drawing/png.h"
#include "drawing/svg.h"

namespace nib {

std::vector<std::string> picture_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) files.insert(files.end(), {name + ".png", name + ".svg"});
  return files;
}

std::string files_in_words(const std::vector<std::string>& written) {
  std::vector<std::string> words;
  std::size_t as_png = 0, as_svg = 0;
  for (const std::string& name : written)
    if (name.ends_with(".png"))
      ++as_png;
    else if (name.ends_with(".svg"))
      ++as_svg;
    else
      words.push_back(name);
  if (as_png != as_svg)
    words.push_back(fmt::format("{} pictures as SVG, {} of them as PNG", as_svg, as_png));
  else if (as_svg == 1)
    words.push_back("1 picture as PNG and SVG");
  else if (as_svg > 1)
    words.push_back(fmt::format("{} pictures, each as PNG and SVG", as_svg));
  return join_words(words);
}

std::vector<std::uint8_t> PictureWriter::write(const Drawing& drawing) {
  std::vector<std::uint8_t> png;
  try {
    png = to_png(drawing);
  } catch (const Error& error) {
    if (told_ != error.what())
      notes_.warn(std::string("PNG pictures that need it are left out, their SVG files are there: ") + error.what());
    told_ = error.what();
  }
  if (!png.empty()) folder_.write(drawing.name + ".png", png);
  folder_.write(drawing.name + ".svg", to_svg(drawing));
  return png;
}

}  // namespace nib
