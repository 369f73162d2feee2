#include "runs/picture_files.h"

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
  std::size_t pictures = 0;
  for (const std::string& name : written)
    if (name.ends_with(".png") || name.ends_with(".svg"))
      pictures += name.ends_with(".png");
    else
      words.push_back(name);
  if (pictures == 1)
    words.push_back("1 picture as PNG and SVG");
  else if (pictures > 1)
    words.push_back(std::to_string(pictures) + " pictures, each as PNG and SVG");
  return join_words(words);
}

std::vector<std::uint8_t> write_picture(OutputFolder& folder, const Drawing& drawing) {
  std::vector<std::uint8_t> png = to_png(drawing);
  folder.write(drawing.name + ".png", png);
  folder.write(drawing.name + ".svg", to_svg(drawing));
  return png;
}

}  // namespace nib
