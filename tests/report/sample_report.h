#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "report/report_page.h"

namespace nib::test {

/// run.json of a small run with three classes and two epochs.
nlohmann::ordered_json sample_record();
/// The record with everything that can stand beside it: four predictions, texts, all pictures but "kernels".
ReportContent sample_content(const RunRecord& record);
/// The page of sample_content() of the record that a document holds.
std::string sample_page(const nlohmann::ordered_json& record);

}  // namespace nib::test
