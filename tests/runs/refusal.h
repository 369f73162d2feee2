#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace nib::test {

/// What read_run() says of the made run after a change of its folder: the line of a bad input or of a file that cannot
/// be read, without the path before the file's name; else "no error".
std::string refusal_after(const std::function<void(const std::filesystem::path& folder)>& change);

/// The same after a change of its record.
std::string refusal_of(const std::function<void(nlohmann::ordered_json& record)>& change);

}  // namespace nib::test
