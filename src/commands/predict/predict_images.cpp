#include <fmt/core.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/image_sources.h"
#include "cli/interruption.h"
#include "cli/streams.h"
#include "commands/predict/own_image_text.h"
#include "commands/predict/predict.h"
#include "commands/predict/several.h"
#include "drawing/png.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "inference/classifier.h"
#include "inference/trust.h"
#include "machine/cores.h"
#include "runs/answer_document.h"
#include "runs/output_folder.h"
#include "runs/run_weights.h"

namespace nib {
namespace {

/// The folder of --out, checked before any work: no image that is read may be replaced by a picture.
std::unique_ptr<OutputFolder> open_folder(const PredictOptions& options, const std::vector<ImageSource>& sources,
                                          const std::vector<std::string>& pictures, Notes& notes) {
  if (options.out.empty()) return nullptr;
  constexpr std::uint64_t bytes_a_picture = 400'000;
  auto folder = std::make_unique<OutputFolder>(
      FolderRequest{
          .out = options.out, .force = options.force, .results = pictures, .bytes = bytes_a_picture * pictures.size()},
      notes);
  for (const ImageSource& source : sources)
    if (folder->would_replace(source.path))
      throw usage_error({.file = "--out",
                         .field = source.path,
                         .problem = "the image would be replaced by a picture of its steps",
                         .hint = "choose another folder with --out"});
  folder->remove_old_results();
  return folder;
}

/// What went wrong with single images: each is told, and the others go on.
class Problems {
 public:
  explicit Problems(Streams& streams) : streams_(streams) {}

  void tell(const Error& error) {
    streams_.notice(error_text(error));
    if (exit_code_ != ExitCode::bad_input) exit_code_ = error.code();
  }
  /// Bad input before files that could not be read.
  int exit_code() const { return static_cast<int>(exit_code_); }

 private:
  Streams& streams_;
  ExitCode exit_code_ = ExitCode::ok;
};

/// What is told of one image.
struct Answer {
  std::string text{};
  Json description{};
  Drawing picture{};
};

Answer answer_of(const ImageSource& source, const PredictOptions& options, const std::vector<std::string>& class_names,
                 const Terminal& terminal, Classifier& classifier, const Trust& trust) {
  const bool draw = !options.out.empty();
  if (options.several) {
    const std::string name = source_name(source);
    const SeveralDigits digits = read_several(name, decode_image(read_source(source), name), classifier);
    return {several_text(digits, class_names), several_json(digits, class_names),
            draw ? several_picture(digits, class_names) : Drawing{}};
  }
  const OwnImage image =
      read_image(read_source(source), source_name(source), options.as_is, class_names, classifier, trust);
  return {own_image_text(image, class_names, terminal), own_image_json(image, class_names),
          draw ? own_image_picture(image, class_names) : Drawing{}};
}

/// nullopt where the image is the problem, which is then told and noted among `images`.
std::optional<Answer> try_to_answer(const std::function<Answer()>& answer, const ImageSource& source,
                                    Problems& problems, Json& images) {
  try {
    return answer();
  } catch (const Error& error) {
    if (error.code() != ExitCode::bad_input && error.code() != ExitCode::io) throw;
    problems.tell(error);
    images.push_back({{"source", source_name(source)}, {"error", error_line(error)}});
    return std::nullopt;
  }
}

/// False where the picture cannot be drawn, as without its font; that is told.
bool write_picture(OutputFolder& folder, const std::string& name, const Drawing& drawing, Problems& problems) {
  std::vector<std::uint8_t> png;
  try {
    png = to_png(drawing);
  } catch (const Error& error) {
    problems.tell(error);
    return false;
  }
  folder.write(name, png);
  return true;
}

}  // namespace

int predict_images(const PredictOptions& options) {
  Streams streams(options.json, options.quiet);
  const std::vector<ImageSource> sources = image_sources(options.images);
  const std::vector<std::string> pictures = picture_names(sources);
  WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  warn_of_other_weights(model, streams);
  const std::vector<std::string> class_names = class_names_of(model);
  install_signal_handlers();
  const std::unique_ptr<OutputFolder> folder = open_folder(options, sources, pictures, streams);
  Classifier classifier(std::move(model), {.device = "cpu", .threads = usable_cores()}, 1, streams);
  const Trust trust(classifier);
  streams.say(fmt::format("Weights: {}\n\n", printable(options.weights)));
  if (!options.several && !trust.has_judge())
    streams.say(
        "What is no digit is not told: these weights have no score for it (nib train finds one for those that a run "
        "ends with)\n\n");

  Problems problems(streams);
  Json images = Json::array();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (streams.lost() == EPIPE && !folder) break;  // nobody reads on: head has what it wanted
    if (requested_stop() != 0)
      return end_after_signal(fmt::format("{} of {} images were read", i, sources.size()), streams);
    std::optional<Answer> answer = try_to_answer(
        [&] { return answer_of(sources[i], options, class_names, streams.terminal(), classifier, trust); }, sources[i],
        problems, images);
    if (!answer) continue;
    streams.result(answer->text);
    if (folder && write_picture(*folder, pictures[i], answer->picture, problems))
      answer->description["picture"] = pictures[i];
    images.push_back(std::move(answer->description));
  }
  if (folder && !folder->written().empty())
    streams.say(fmt::format("Files in {}: {}\n", printable(folder->path().string()), join_words(folder->written())));
  if (options.json) {
    Json document = answer_document(options.weights, classifier);
    document["class_names"] = class_names;
    document["images"] = std::move(images);
    streams.document(document);
  }
  streams.finish();
  if (requested_stop() != 0) return end_after_signal("all images were read", streams);
  return problems.exit_code();
}

}  // namespace nib
