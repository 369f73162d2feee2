#include "runs/sweep_plan.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "encodings/json_reader.h"
#include "runs/file_names.h"

namespace nib {
namespace {

constexpr std::uint64_t plan_version = 1;
constexpr std::size_t longest_name = 120, hash_digits = 8;

bool is_plain(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
         std::string_view("=._+-").find(letter) != std::string_view::npos;
}

std::string short_hash(const std::string& text) {
  return to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()})).substr(0, hash_digits);
}

SettingValues setting_values(const JsonReader& object) {
  SettingValues values;
  for (const auto& [option, value] : object.members()) {
    values.emplace_back(option, value.text());
    if (option.empty() || values.back().second.empty()) throw value.error("empty", "an option with its value");
    if (option.size() + values.back().second.size() > longest_setting_value) throw value.error("too long");
  }
  if (values.size() > most_listed_settings) throw object.error("too many options");
  return values;
}

SweepSetting sweep_setting(const JsonReader& object) {
  SweepSetting setting{.values = setting_values(object.at("values"))};
  setting.configuration = object.at("configuration").object();
  setting.data = object.at("data").texts();
  return setting;
}

void require_one_kind(const JsonReader& settings, const std::vector<SweepSetting>& all) {
  const auto options = [](const SweepSetting& setting) {
    std::vector<std::string> names;
    for (const auto& [option, value] : setting.values) names.push_back(option);
    return names;
  };
  for (std::size_t i = 1; i < all.size(); ++i)
    if (options(all[i]) != options(all[0]))
      throw settings.item(i).at("values").error("not the options of the first setting");
}

}  // namespace

std::string SweepSetting::in_words() const {
  std::string words;
  for (const auto& [option, value] : values) {
    words += words.empty() ? "" : ", ";
    words += option + ' ' + value;
  }
  return words.empty() ? "all runs" : words;
}

std::string SweepPlan::run_folder(std::size_t run) const {
  std::string whole;
  for (const auto& [option, value] : setting(run).values) whole += option + '=' + value + '_';
  whole += "seed=" + std::to_string(seed(run));
  std::string name = whole.substr(0, longest_name);
  std::ranges::replace_if(
      name, [](char letter) { return !is_plain(letter); }, '-');
  if (name.front() == '.') name.front() = '-';  // it would be hidden
  return name == whole ? name : name + '-' + short_hash(whole);
}

std::string SweepPlan::run_in_words(std::size_t run) const {
  const std::string of_seed = "seed " + std::to_string(seed(run));
  return setting(run).values.empty() ? of_seed : setting(run).in_words() + ", " + of_seed;
}

std::vector<std::string> SweepPlan::words(std::size_t run) const {
  std::vector<std::string> words;
  for (const SettingValues* const values : {&common, &setting(run).values})
    for (const auto& [option, value] : *values) words.push_back("--" + option + '=' + value);
  words.push_back("--seed=" + std::to_string(seed(run)));
  return words;
}

std::string ranges_text(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (std::size_t begin = 0; begin < numbers.size();) {
    std::size_t end = begin + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    text += (text.empty() ? "" : ",") + std::to_string(numbers[begin]);
    if (end - begin > 1) text += '-' + std::to_string(numbers[end - 1]);
    begin = end;
  }
  return text;
}

std::string sweep_options(const SweepPlan& plan) {
  std::string words;
  for (const auto& [option, value] : plan.common) words += shell_word("--" + option + '=' + value) + ' ';
  for (std::size_t i = 0; i < plan.settings.front().values.size(); ++i) {
    std::vector<std::string> values;
    for (const SweepSetting& setting : plan.settings)
      if (const std::string& value = setting.values[i].second; std::ranges::find(values, value) == values.end())
        values.push_back(value);
    // A value that may have commas in itself is given by its option once more.
    const bool once_more = std::ranges::any_of(
        values, [](const std::string& value) { return value.find_first_of(",=") != std::string::npos; });
    std::string word;
    for (const std::string& value : values) {
      if (once_more || word.empty())
        words += word.empty() ? "" : shell_word(word) + ' ', word = "--" + plan.settings.front().values[i].first + '=';
      else
        word += ',';
      word += value;
    }
    words += shell_word(word) + ' ';
  }
  return words + "--seeds " + ranges_text(plan.seeds);
}

std::vector<SettingValues> combinations(const std::vector<ListedSetting>& lists) {
  std::vector<SettingValues> all(1);
  for (const auto& [option, values] : lists) {
    std::vector<SettingValues> longer;
    for (const SettingValues& begin : all)
      for (const std::string& value : values) {
        longer.push_back(begin);
        longer.back().emplace_back(option, value);
      }
    all = std::move(longer);
  }
  return all;
}

std::size_t number_of_combinations(const std::vector<ListedSetting>& lists) {
  std::size_t number = 1;
  for (const ListedSetting& list : lists) number = std::min(number * list.values.size(), most_sweep_runs + 1);
  return number;
}

Json to_json(const SettingValues& values) {
  Json object = Json::object();
  for (const auto& [option, value] : values) object[option] = value;
  return object;
}

Json to_json(const SweepPlan& plan) {
  Json settings = Json::array();
  for (const SweepSetting& setting : plan.settings)
    settings.push_back(
        {{"values", to_json(setting.values)}, {"configuration", setting.configuration}, {"data", setting.data}});
  return {{"sweep_plan", plan_version}, {"folder", plan.folder}, {"common", to_json(plan.common)},
          {"pictures", plan.pictures},  {"seeds", plan.seeds},   {"settings", std::move(settings)}};
}

SweepPlan parse_plan(std::string_view text, const std::string& source) {
  const Json document = parse_json(text, source, deepest_record);
  const JsonReader reader(document, source);
  if (const JsonReader version = reader.at("sweep_plan"); version.whole_number() != plan_version)
    throw version.error("another version", std::to_string(plan_version), describe_json(version.value()));
  SweepPlan plan{.folder = reader.at("folder").text(), .common = setting_values(reader.at("common"))};
  plan.pictures = reader.at("pictures").boolean();
  plan.seeds = reader.at("seeds").whole_numbers();
  const JsonReader settings = reader.at("settings");
  for (const JsonReader& setting : settings.items()) plan.settings.push_back(sweep_setting(setting));
  if (plan.seeds.empty()) throw reader.at("seeds").error("holds no seed");
  if (plan.settings.empty()) throw settings.error("holds no setting");
  if (plan.settings.size() > most_settings || plan.runs() > most_sweep_runs) throw settings.error("too many");
  require_one_kind(settings, plan.settings);
  std::vector<std::string> names;
  for (std::size_t run = 0; run < plan.runs(); ++run) names.push_back(plan.run_folder(run));
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    throw reader.error("a run stands there twice", {}, *twice);
  return plan;
}

SweepPlan read_plan(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / plan_file;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw io_error(
        {.file = folder.string(),
         .problem = std::filesystem::is_directory(folder, ignored) ? "no sweep: it has no plan.json" : "no such folder",
         .expected = "the folder of a sweep",
         .hint = "nib sweep " + nib::setting("output folder") + " begins one"});
  const std::vector<std::uint8_t> bytes = read_file(path, largest_record);
  return parse_plan({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

}  // namespace nib
