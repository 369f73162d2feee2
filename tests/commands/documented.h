#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace nib {

/// What differs between a document and the table of docs/json.md under the heading `title` ("nib show --json"): keys
/// that are missing or not documented, values of other types; a line each.
std::vector<std::string> differences_from_documentation(const nlohmann::json& document, const std::string& title);

/// The headings of all documents there.
std::vector<std::string> documented_titles();

}  // namespace nib
