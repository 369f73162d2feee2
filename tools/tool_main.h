#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace nib {

/// What main() does in tools whose words - their own name, then DATA and others - go to one function: too few or too
/// many are answered with the usage, and what it throws with one line.
template <typename Work>
int run_tool(int count, char** values, std::size_t most_words, const char* usage, const Work& work) {
  const std::vector<std::string> words(values, values + count);
  if (words.size() < 2 || words.size() > most_words) {
    fmt::print(stderr, "usage: {}\n", usage);
    return 2;
  }
  try {
    return work(words);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "{}: {}\n", words.front(), problem.what());
    return 1;
  }
}

}  // namespace nib
