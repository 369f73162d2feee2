#include <fmt/core.h>

#include <memory>
#include <string>

#include "base/signals.h"
#include "base/text.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/data/data_commands.h"
#include "conversion/conversion.h"
#include "data/catalogue.h"
#include "data/class_names.h"
#include "data/description.h"
#include "data/known_sets.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "runs/run_record.h"

namespace nib {
namespace {

struct Options {
  std::string in, out, to;
  bool prepare = false, force = false, json = false;
};

/// "60,000 training and 10,000 test images".
std::string images_in_words(const DataCollection& set) {
  std::string words;
  if (set.training.size() > 0) words = with_commas(set.training.size()) + " training";
  if (set.test.size() > 0) words += (words.empty() ? "" : " and ") + with_commas(set.test.size()) + " test";
  return words + (set.training.size() + set.test.size() == 1 ? " image" : " images");
}

void warn_of_lost_names(const DataCollection& set, Streams& streams) {
  const std::vector<std::string>& names = (set.training.size() > 0 ? set.training : set.test).class_names;
  if (set.name == unknown_set_name && names != numbered_class_names(names.size()))
    streams.warn("the classes' names are left out: a single file has no place for them");
}

int convert_data(const Options& options) {
  require_argument("IN", options.in);
  require_argument("OUT", options.out);
  install_signal_handlers();
  Streams streams(options.json, false);
  const OutFormat format = out_format(options.out, options.to);
  const OldSet old = options.force ? OldSet::replace : OldSet::keep;
  check_place(options.out, format, old);
  const DataCollection set = load_any_parts(options.in, whole_set(options.prepare));
  check_apart(options.out, set);
  for (const std::string& warning : set.warnings) streams.warn(warning);
  streams.say(data_source_line(set));
  if (is_file(format, options.out)) warn_of_lost_names(set, streams);

  const Written written = write_set(set, options.out, format, old);
  if (requested_stop() != 0) return end_after_signal("nothing was written", streams);
  streams.result(fmt::format("{}: {}, {} file{} of {} bytes ({})\n", printable(options.out), images_in_words(set),
                             with_commas(written.files), written.files == 1 ? "" : "s", with_commas(written.bytes),
                             name_of(format)));
  streams.document({{"program", program_json()},
                    {"data", to_json(data_record(set))},
                    {"out", options.out},
                    {"format", name_of(format)},
                    {"images", {{"training", set.training.size()}, {"test", set.test.size()}}},
                    {"files", written.files},
                    {"bytes", written.bytes}});
  streams.finish();
  return 0;
}

}  // namespace

void add_data_convert_command(Command data) {
  const auto options = std::make_shared<Options>();
  Command command = data.add_command("convert", "writes a data set in another format");
  command.begin_group("Data");
  add_data_argument(command, "IN", options->in);
  add_prepare_option(command, options->prepare);
  add_value(command,
            {.names = "OUT",
             .value_name = "PATH",
             .allowed = "a file or folder to write",
             .description = "NAME.npz, NAME.csv, or a folder"},
            [options](const std::string& text) { options->out = text; });
  add_text(command, "--to", "idx|npz|csv|folder", out_format_names, options->to,
           "format (default by the name of OUT: npz or csv, else idx)");
  command.begin_group("Output");
  add_switch(command, "-f,--force", options->force, "replace a data set that is there");
  add_json_option(command, options->json);
  command.add_example("nib data convert mnist mnist.npz", "as Keras has it");
  command.add_example("nib data convert train.csv digits --to folder", "a folder of pictures for each class");
  command.set_action([options] { return convert_data(*options); });
}

}  // namespace nib
