#include "commands/predict/predict.h"

#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "commands/command.h"
#include "inference/model.h"

namespace nib {
namespace {

/// Throws Error (usage) for options that do not belong together: those of a test set and those of own images.
void check_together(const PredictOptions& options) {
  if (options.lines) {
    if (options.images != std::vector<std::string>{"-"})
      throw usage_error({.file = "--jsonl",
                         .problem = "takes images from standard input alone",
                         .expected = "- as the only IMAGE",
                         .got = options.images.empty() ? "none" : join_words(options.images)});
    if (options.json) throw usage_error({.file = "--jsonl", .problem = "takes standard output, and so does --json"});
    if (!options.out.empty())
      throw usage_error({.file = "--jsonl", .problem = "writes no pictures", .got = "--out as well"});
  }
  if (options.images.empty()) {
    if (options.csv == to_standard_output && options.json)
      throw usage_error({.file = "--json", .problem = "takes standard output, and so does --csv -"});
    if (options.out.empty() && !options.as_is && !options.several && (!options.force || !options.csv.empty())) return;
    throw usage_error({.file = !options.out.empty() ? "--out"
                               : options.as_is      ? "--as-is"
                               : options.several    ? "--several"
                                                    : "--force",
                       .problem = "is for own images, and no IMAGE is given"});
  }
  if (options.prepare)
    throw usage_error({.file = "--prepare",
                       .problem = "is for a folder of pictures as --data",
                       .got = "an IMAGE as well",
                       .hint = "own images are prepared without it"});
  if (!options.data.empty() || options.range || !options.csv.empty())
    throw usage_error({.file = options.range           ? "--index"
                               : !options.data.empty() ? "--data"
                                                       : "--csv",
                       .problem = "is for the images of a test set, not for own images",
                       .got = "an IMAGE as well"});
  if (options.several && options.as_is)
    throw usage_error({.file = "--several", .problem = "finds digits in pictures", .got = "--as-is as well"});
  if (options.force && options.out.empty())
    throw usage_error({.file = "--force", .problem = "is for --out, which is not given"});
}

int predict_command(PredictOptions& options) {
  require_argument("WEIGHTS", options.weights);
  check_together(options);
  if (options.best) options.weights = best_weights_file(options.weights);
  if (options.lines) return serve(options);
  return options.images.empty() ? predict_set(options) : predict_images(options);
}

void add_images_argument(Command command, std::vector<std::string>& images) {
  command.add_list({.names = "IMAGE",
                    .value_name = "...",
                    .description = "own images: files, folders, or - for standard input",
                    .optional = true},
                   [&images](const std::vector<std::string>& given) {
                     for (const std::string& image : given)
                       if (image.empty())
                         throw usage_error({.file = "IMAGE", .problem = "empty value", .expected = "a file or folder"});
                     images = given;
                   });
}

}  // namespace

void add_predict_command(Command program) {
  const auto options = std::make_shared<PredictOptions>();
  Command command =
      program.add_command("predict", "what a network makes of own images, or of single ones of a test set");
  add_weights_argument(command, options->weights);
  add_images_argument(command, options->images);
  command.begin_group("Data");
  add_data_option(command, options->data);
  add_index_option(command, options->range);
  add_prepare_option(command, options->prepare);
  add_network_option(command, options->network);
  add_best_option(command, options->best);
  add_flatten_option(command, options->flatten);
  add_switch(command, "--as-is", options->as_is,
             "own images: no preparation, light ink on black, of the network's size");
  add_switch(command, "--several", options->several,
             "own images: all digits of each, line by line, also where they touch");
  command.begin_group("Output");
  add_value(command,
            {.names = "--csv",
             .value_name = "FILE",
             .allowed = "a file, or - for standard output",
             .description = "a test set: the answers as a table for Kaggle, ImageId,Label"},
            [options](const std::string& text) { options->csv = text; });
  add_text(command, "-o,--out", "DIR", "a folder", options->out, "own images: write a picture of every step for each");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists, or over a table");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  add_switch(command, "--jsonl", options->lines,
             "with - as IMAGE: a path or a data URL a line of input, a line of JSON at once for each");
  command.add_example("nib predict runs/latest/model.safetensors my-digit.png", "a photo or drawing of one digit");
  command.add_example("nib predict runs/latest page.jpg --several --out found", "a line, a form or a sheet of digits");
  command.add_example("ls *.png | nib predict runs/latest - --jsonl",
                      "a line of JSON for each, for scripts that serve");
  command.add_example("nib predict runs/latest/model.safetensors --index 0-3", "the first four test images");
  command.add_example("nib predict runs/latest --data test.csv --csv submission.csv", "what Kaggle asks for");
  command.set_action([options] { return predict_command(*options); });
}

}  // namespace nib
