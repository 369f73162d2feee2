#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/data/data_commands.h"
#include "commands/data/fetched_file.h"
#include "data/collection.h"
#include "data/file_names.h"
#include "data/known_sets.h"
#include "data/places.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "runs/output_folder.h"
#include "transfer/addresses.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string set, out;
  bool print_urls = false, force = false, json = false;
};

const char* const set_names = "mnist or fashion; kmnist, emnist or qmnist with --print-urls";

const SetAddress& address_of(const Options& options) {
  require_argument("SET", options.set);
  const SetAddress* const address = find_set_address(options.set);
  if (address != nullptr) return *address;
  std::vector<NameAndTitle> sets;
  for (const SetAddress& set : set_addresses()) sets.emplace_back(set.name, set.title);
  const std::optional<std::string> meant = meant_set(options.set, sets);
  throw usage_error({.file = "SET",
                     .problem = "no such data set",
                     .expected = set_names,
                     .got = quoted(options.set),
                     .hint = meant ? "did you mean " + *meant + "?" : ""});
}

/// Where the set is to lie: where it is asked to, else in the user's cache, where nib looks for it.
fs::path folder_for(const Options& options) {
  if (!options.out.empty()) return options.out;
  if (const std::optional<fs::path> folder = cache_folder_of(options.set)) return *folder;
  throw usage_error({.problem = "no folder to put the set into: neither HOME nor XDG_CACHE_HOME is set",
                     .hint = "name one with " + setting("output folder")});
}

/// Whether the four files of the set are there.
bool is_whole(const KnownSet& set, const fs::path& folder) {
  if (!holds_data_files(folder)) return false;
  try {
    for (std::size_t role = 0; role < file_roles.size(); ++role) check_known_file(set, load_file(folder, role));
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const FileRole& role : file_roles)
    for (const std::string& name : spellings(role)) names.push_back(name);
  return names;
}

/// All four or none: what is there of a set is taken for the set.
void write_files(const SetAddress& address, const std::vector<FetchedFile>& files, OutputFolder& folder) {
  try {
    for (std::size_t role = 0; role < files.size(); ++role)
      folder.write(std::string(address.files[role]), files[role].bytes);
    folder.remove_old_results();  // an old raw file would be read in place of a new .gz
  } catch (const Error&) {
    for (const std::string& name : std::vector(folder.written())) folder.remove(name);
    throw;
  }
}

Json document_of(const SetAddress& address, const fs::path& folder, const std::vector<FetchedFile>& files) {
  Json fetched = Json::array(), urls = Json::array();
  for (const FetchedFile& file : files) fetched.push_back({{"url", file.url}, {"bytes", file.bytes.size()}});
  for (const std::string& url : urls_of(address, address.mirrors.front())) urls.push_back(url);
  return {{"program", program_json()}, {"name", address.name}, {"title", address.title},
          {"folder", folder.string()}, {"urls", urls},         {"fetched", fetched}};
}

/// The addresses alone on standard output, for other programs.
int print_urls(const SetAddress& address, const fs::path& folder, Streams& streams) {
  for (const std::string& url : urls_of(address, address.mirrors.front())) streams.result(url + '\n');
  if (find_known_set(address.name) != nullptr)
    streams.notice("put the files as they are into " + printable(folder.string()));
  else
    streams.notice("give the folder with the files as --data");
  streams.document(document_of(address, folder, {}));
  streams.finish();
  return 0;
}

std::vector<FetchedFile> fetch_files(const KnownSet& set, const SetAddress& address, Streams& streams) {
  DownloadLimits limits;
  std::vector<std::string> mirrors(address.mirrors.begin(), address.mirrors.end());
  if (std::optional<std::vector<std::string>> of_test = mirrors_of_test()) {
    mirrors = *std::move(of_test);
    limits.plain_from_loopback = true;
  }
  std::vector<FetchedFile> files;
  for (std::size_t role = 0; role < file_roles.size() && requested_stop() == 0; ++role) {
    std::vector<std::string> urls;
    for (const std::string& mirror : mirrors) urls.push_back(urls_of(address, mirror)[role]);
    files.push_back(fetch_file(set, role, urls, limits, streams));
    streams.say(fmt::format("{}: {} bytes\n", files.back().url, with_commas(files.back().bytes.size())));
  }
  return files;
}

int fetch_data(const Options& options) {
  install_signal_handlers();
  Streams streams(options.json, false);
  const SetAddress& address = address_of(options);
  const fs::path folder = folder_for(options);
  const KnownSet* const set = find_known_set(address.name);
  if (options.print_urls) return print_urls(address, folder, streams);
  if (set == nullptr)
    throw usage_error({.file = "SET",
                       .problem = fmt::format("nib does not know the hashes of {}", address.title),
                       .expected = "mnist or fashion",
                       .hint = "--print-urls prints its addresses"});
  const fs::path present = options.out.empty() ? find_known_set_folder(*set).value_or(folder) : folder;
  if (!options.force && is_whole(*set, present)) {
    streams.result(fmt::format("{} is whole in {}\n", set->title, printable(present.string())));
    streams.document(document_of(address, present, {}));
    streams.finish();
    return 0;
  }
  if (download_library().empty()) {
    print_urls(address, folder, streams);
    throw io_error({.problem = "libcurl is not here, so nib cannot fetch the files: above are their addresses",
                    .hint = fix_of_download_library()});
  }

  constexpr std::uint64_t room = 64 << 20;
  OutputFolder out(
      {.out = folder.string(), .force = options.force || options.out.empty(), .results = all_names(), .bytes = room},
      streams);
  std::vector<FetchedFile> files;
  try {
    files = fetch_files(*set, address, streams);
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.hint = "--print-urls prints the addresses, for a machine with another way to them";
    if (requested_stop() == 0) throw Error(error.code(), problem);
  }
  if (requested_stop() != 0) return end_after_signal("nothing was written", streams);
  write_files(address, files, out);
  streams.result(fmt::format("{}: {} (SHA-256 verified)\n", set->title, printable(folder.string())));
  streams.document(document_of(address, folder, files));
  streams.finish();
  return 0;
}

}  // namespace

void add_data_fetch_command(Command data) {
  const auto options = std::make_shared<Options>();
  Command command = data.add_command("fetch", "downloads a data set and checks every byte");
  command.begin_group("Data");
  add_value(command, {.names = "SET", .value_name = "NAME", .allowed = set_names, .description = set_names},
            [options](const std::string& text) { options->set = text; });
  add_switch(command, "--print-urls", options->print_urls, "print the files' addresses and fetch nothing");
  command.begin_group("Output");
  add_text(command, "-o,--out", "DIR", "a folder", options->out,
           "folder for the files (default nib/SET in the user's cache, where nib looks for it)");
  add_switch(command, "-f,--force", options->force, "fetch what is there already");
  add_json_option(command, options->json);
  command.add_example("nib data fetch fashion", "then nib train --data fashion");
  command.add_example("nib data fetch kmnist --print-urls | wget -i -", "another set, by another program");
  command.set_action([options] { return fetch_data(*options); });
}

}  // namespace nib
