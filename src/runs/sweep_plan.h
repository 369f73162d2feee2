#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "encodings/json.h"

namespace nib {

/// Options of `nib train`, by their long names without dashes, with a value each.
using SettingValues = std::vector<std::pair<std::string, std::string>>;

/// One option with all the values that are to be tried.
struct ListedSetting {
  std::string option;
  std::vector<std::string> values;
};

/// What the runs of a sweep differ in but for the seed.
struct SweepSetting {
  SettingValues values{};           ///< of the options that have several values, in their order
  Json configuration{};             ///< what a run with it records; which seed stands there does not count
  std::vector<std::string> data{};  ///< SHA-256 of the files of its data set

  /// "learning-rate 0.001, batch 64"; "all runs" where nothing but the seed differs.
  std::string in_words() const;
};

/// Which runs a sweep consists of: every setting with every seed, the settings of one seed after the other, so that a
/// sweep that was broken off has about as many runs of each. The file plan.json in the sweep's folder.
struct SweepPlan {
  std::string folder{};    ///< in which it began: its runs' relative paths are told from there
  SettingValues common{};  ///< options with one value
  bool pictures = false;   ///< every run draws its pictures
  std::vector<SweepSetting> settings{};
  std::vector<std::uint64_t> seeds{};

  std::size_t runs() const { return settings.size() * seeds.size(); }
  const SweepSetting& setting(std::size_t run) const { return settings[run % settings.size()]; }
  std::uint64_t seed(std::size_t run) const { return seeds[run / settings.size()]; }

  /// The name of a run's folder: what sets it apart, as in "learning-rate=0.001_seed=3". Letters that a file system or
  /// a shell may take amiss are replaced; then, and where it is long, a hash makes it one of its own.
  std::string run_folder(std::size_t run) const;
  /// "learning-rate 0.001, seed 3".
  std::string run_in_words(std::size_t run) const;
  /// The options that make it, as words: "--epochs=5", "--learning-rate=0.001", "--seed=3".
  std::vector<std::string> words(std::size_t run) const;
};

/// "0-4,7".
std::string ranges_text(const std::vector<std::uint64_t>& numbers);
/// The options of `nib sweep` that give this plan, as a shell takes them.
std::string sweep_options(const SweepPlan& plan);

inline constexpr std::size_t longest_setting_value = 4096, most_listed_settings = 100;  // bytes; options
inline constexpr std::size_t most_settings = 2'000, most_sweep_runs = 100'000;

/// Every value of each list with every one of the others; the values of the first list change last.
std::vector<SettingValues> combinations(const std::vector<ListedSetting>& lists);
/// How many there are; most_sweep_runs + 1 for more than most_sweep_runs.
std::size_t number_of_combinations(const std::vector<ListedSetting>& lists);

Json to_json(const SettingValues& values);
Json to_json(const SweepPlan& plan);
/// Throws Error (bad input) naming the key of `source` that is missing or wrong.
SweepPlan parse_plan(std::string_view text, const std::string& source);
/// The plan in a sweep's folder. Throws Error: io, or bad input as above.
SweepPlan read_plan(const std::filesystem::path& folder);

}  // namespace nib
