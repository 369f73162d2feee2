#include "cli/image_sources.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/stream.h"
#include "base/text.h"
#include "images/decoding/decode.h"
#include "images/decoding/image_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

const char* const standard_input = "-";

std::vector<ImageSource> images_in(const std::string& folder) {
  std::vector<ImageSource> sources;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (is_image_name(entry->path()) && !entry->is_directory(ignored))
      sources.push_back({.path = entry->path().string()});
  }
  if (error)
    return {
        {folder, io_error({.file = folder, .problem = "cannot list the folder: " + system_message(error.value())})}};
  if (sources.empty())
    return {{folder, input_error({.file = folder,
                                  .problem = "no images in the folder",
                                  .expected = "files that end in " + image_endings()})}};
  std::ranges::sort(sources, {}, &ImageSource::path);
  return sources;
}

std::string safe_stem(const ImageSource& source) {
  if (source.path == standard_input) return "standard-input";
  constexpr std::size_t longest = 100;
  std::string stem = fs::path(source.path).stem().string().substr(0, longest);
  for (char& letter : stem)
    if (!std::isalnum(static_cast<unsigned char>(letter)) && std::string_view(".-_").find(letter) == std::string::npos)
      letter = '_';
  if (stem.empty() || stem.front() == '.' || stem.front() == '-') stem.insert(stem.begin(), '_');
  return stem;
}

}  // namespace

std::vector<ImageSource> image_sources(const std::vector<std::string>& arguments) {
  if (std::ranges::count(arguments, standard_input) > 1)
    throw usage_error({.file = "IMAGE", .problem = "standard input can be read only once", .got = "- more than once"});
  std::vector<ImageSource> sources;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (argument != standard_input && fs::is_directory(argument, ignored))
      std::ranges::move(images_in(argument), std::back_inserter(sources));
    else
      sources.push_back({.path = argument});
  }
  return sources;
}

std::string source_name(const ImageSource& source) {
  return source.path == standard_input ? "standard input" : source.path;
}

std::vector<std::uint8_t> read_source(const ImageSource& source) {
  if (source.problem) throw Error(*source.problem);
  if (source.path == standard_input) return read_stream(STDIN_FILENO, source_name(source), largest_image_file);
  return read_file_or_fifo(source.path, largest_image_file);
}

std::vector<std::string> picture_names(const std::vector<ImageSource>& sources) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const ImageSource& source : sources) {
    const std::string stem = safe_stem(source) + "-steps";
    std::string name = stem + ".png";
    for (unsigned number = 2; !taken.insert(name).second; ++number) name = stem + '-' + std::to_string(number) + ".png";
    names.push_back(name);
  }
  return names;
}

}  // namespace nib
