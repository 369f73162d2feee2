#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Where a data set can be had.
struct SetAddress {
  std::string_view name;                  ///< "mnist"
  std::string_view title;                 ///< "MNIST"
  std::vector<std::string_view> mirrors;  ///< what the files' names are put behind
  std::vector<std::string_view> files;
};

/// All of them; nib knows the files' hashes of the first two alone.
std::span<const SetAddress> set_addresses();

/// The one of that name, or null.
const SetAddress* find_set_address(std::string_view name);

/// The addresses of all files at one mirror.
std::vector<std::string> urls_of(const SetAddress& set, std::string_view mirror);

/// Mirrors in place of all others, which a test has put into the environment variable NIB_FETCH_FROM with commas
/// between them; nullopt without it. Throws Error (usage) for any but http://127.0.0.1:PORT/....
std::optional<std::vector<std::string>> mirrors_of_test();

}  // namespace nib
