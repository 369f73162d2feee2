#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runs/run_record.h"

namespace nib::test {

/// The record that a document holds, read as run.json is; errors call it `name`.
RunRecord record_of(const nlohmann::ordered_json& document, const std::string& name = "run.json");

}  // namespace nib::test
