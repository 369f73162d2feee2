#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "commands/small_set.h"

namespace nib {

/// Two settings with two seeds each, of few milliseconds.
inline std::vector<std::string> small_sweep(const std::string& out, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"sweep",      "--data",          "set",        "--device", "cpu", "--network",
                                 "small.json", "--batch",         "32",         "--jobs",   "2",   "--out",
                                 out,          "--learning-rate", "0.001,0.01", "--seeds",  "0-1"};
  if (std::ranges::find(more, "--epochs") == more.end()) words.insert(words.end(), {"--epochs", "2"});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The lines without their last cell, which is a time.
inline std::vector<std::string> without_times(const std::string& csv) {
  std::vector<std::string> lines;
  std::istringstream text(csv);
  for (std::string line; std::getline(text, line);) lines.push_back(line.substr(0, line.rfind(',')));
  return lines;
}

class SweepFolder : public SmallSetFolder {
 public:
  SweepFolder() { make_file(*this / "small.json", dropout_network); }
};

class Sweep : public testing::Test {
 protected:
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  std::string file(const std::filesystem::path& path) const { return contents(folder / path); }
  nlohmann::json document(const std::filesystem::path& path) const { return nlohmann::json::parse(file(path)); }

  /// The tables of a sweep beside those of one that nobody disturbed.
  void expect_whole(const std::string& sweep) const {
    EXPECT_EQ(file(std::filesystem::path(sweep) / "sweep.csv"), contents(undisturbed() / "undisturbed/sweep.csv"));
    EXPECT_EQ(without_times(file(std::filesystem::path(sweep) / "sweep_runs.csv")),
              without_times(contents(undisturbed() / "undisturbed/sweep_runs.csv")));
  }

  static const SweepFolder& undisturbed() {
    static const SweepFolder folder;
    static const Ending ending = nib(small_sweep("undisturbed"), folder.path());
    EXPECT_EQ(ending.code, 0) << ending.errors;
    return folder;
  }

  SweepFolder folder;
};

/// Whether it becomes true within a minute.
template <typename Condition>
bool comes_true(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return condition();
}

}  // namespace nib
