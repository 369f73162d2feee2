#include <fmt/core.h>

#include <unistd.h>
#include <algorithm>
#include <climits>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/freed_memory.h"
#include "base/line_reader.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/interruption.h"
#include "cli/streams.h"
#include "commands/predict/own_image_text.h"
#include "commands/predict/predict.h"
#include "commands/predict/several.h"
#include "encodings/base64.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "images/decoding/format.h"
#include "inference/classifier.h"
#include "inference/trust.h"
#include "machine/cores.h"
#include "runs/run_weights.h"

namespace nib {
namespace {

constexpr std::string_view image_scheme = "data:", base64_mark = ";base64,";

/// A largest image in base64, with room for what stands before it.
constexpr std::size_t longest_line = largest_image_file / 3 * 4 + 1024;

struct ImageBytes {
  std::string source;
  std::vector<std::uint8_t> bytes;
};

/// Of a data URL (RFC 2397) in base64; its media type is not looked at, as an image's content tells its kind.
std::vector<std::uint8_t> bytes_of_url(std::string_view url, const std::string& source) {
  const std::size_t mark = url.find(base64_mark);
  if (mark == std::string_view::npos || url.find(',') < mark)
    throw input_error({.file = source,
                       .problem = "a data URL without base64",
                       .expected = "data:;base64, and an image file in base64"});
  std::optional<std::vector<std::uint8_t>> bytes = from_base64(url.substr(mark + base64_mark.size()));
  if (!bytes)
    throw input_error({.file = source,
                       .problem = "not base64",
                       .expected = "letters, digits, + and /, padded with = to a multiple of 4"});
  return *std::move(bytes);
}

/// Whether a line that names no file is an image in base64, without the head of a data URL, or longer than any path.
bool is_no_path(const std::string& text) {
  constexpr std::size_t first = image_magic_bytes / 3 * 4;
  const auto bytes = from_base64(std::string_view(text).substr(0, first));
  std::error_code error;
  return text.size() > PATH_MAX || (bytes && image_format(*bytes) && !std::filesystem::exists(text, error));
}

/// `source` is set first, for what is told of an error.
std::vector<std::uint8_t> bytes_of(const StreamLine& line, std::string& source) {
  source = fmt::format("line {}", line.number);
  if (line.too_long)
    throw input_error({.file = source,
                       .problem = "the line is too long",
                       .expected = fmt::format("at most {} bytes", with_commas(longest_line)),
                       .got = "more"});
  if (line.text.starts_with(image_scheme)) return bytes_of_url(line.text, source);
  if (line.text.find('\0') != std::string::npos)
    throw input_error({.file = source, .problem = "a null byte, which no path has"});
  if (is_no_path(line.text))
    throw input_error({.file = source,
                       .problem = "neither a path nor a data URL",
                       .expected = "a file, or data:;base64, before an image file in base64"});
  source = line.text;
  return read_file(line.text, largest_image_file);
}

Json description_of(const StreamLine& line, const PredictOptions& options, const std::vector<std::string>& class_names,
                    Classifier& classifier, const Trust& trust, ExitCode& worst) {
  std::string source;
  try {
    const std::vector<std::uint8_t> bytes = bytes_of(line, source);
    if (options.several)
      return several_json(read_several(source, decode_image(bytes, source), classifier), class_names);
    return own_image_json(read_image(bytes, source, options.as_is, class_names, classifier, trust), class_names);
  } catch (const Error& error) {
    if (error.code() != ExitCode::bad_input && error.code() != ExitCode::io) throw;
    if (worst != ExitCode::bad_input) worst = error.code();
    return {{"source", source}, {"error", error_line(error)}};
  }
}

/// Answers a picture that nobody asked about, a 1 on paper: what first has to be fetched from files and memory is there
/// then when the first line comes.
void warm_up(const std::vector<std::string>& class_names, Classifier& classifier, const Trust& trust) {
  constexpr std::size_t side = 40;
  std::string picture = fmt::format("P5 {} {} 255\n", side, side);
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column)
      picture += row >= 8 && row < 32 && column >= 19 && column < 22 ? '\x10' : '\xF0';
  try {
    read_image({reinterpret_cast<const std::uint8_t*>(picture.data()), picture.size()}, "", false, class_names,
               classifier, trust);
  } catch (const Error&) {  // each line will tell its own
  }
}

bool is_blank(const StreamLine& line) {
  return !line.too_long && line.text.find_first_not_of(" \t") == std::string::npos;
}

}  // namespace

int serve(const PredictOptions& options) {
  keep_freed_memory();
  Streams streams(true, options.quiet);
  WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  warn_of_other_weights(model, streams);
  const std::vector<std::string> class_names = class_names_of(model);
  install_signal_handlers();
  Classifier classifier(std::move(model), {.device = "cpu", .threads = options.several ? usable_cores() : 1}, 1,
                        streams);
  const Trust trust(classifier);
  streams.say(fmt::format("Weights: {}\n", printable(options.weights)));
  warm_up(class_names, classifier, trust);

  LineReader lines(STDIN_FILENO, "standard input", longest_line);
  ExitCode worst = ExitCode::ok;
  std::uint64_t answered = 0;
  while (streams.lost() == 0) {  // else nobody can read on
    const std::optional<StreamLine> line = lines.next();
    if (!line) break;
    if (is_blank(*line)) continue;
    Json answer = {{"line", line->number}};
    answer.update(description_of(*line, options, class_names, classifier, trust, worst));
    streams.table(json_line(answer) + '\n');
    ++answered;
  }
  streams.finish();
  if (requested_stop() != 0)
    return end_after_signal(fmt::format("{} lines were answered", with_commas(answered)), streams);
  return static_cast<int>(worst);
}

}  // namespace nib
