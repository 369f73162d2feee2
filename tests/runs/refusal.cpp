#include "runs/refusal.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "runs/made_run.h"
#include "runs/run_files.h"

namespace nib::test {

std::string refusal_after(const std::function<void(const std::filesystem::path& folder)>& change) {
  const TemporaryFolder folder;
  make_run(folder / "run");
  change(folder / "run");
  try {
    read_run(folder / "run");
    return "no error";
  } catch (const Error& error) {
    const std::string message = error.what(), path = folder.path().string() + "/run/";
    EXPECT_THAT(message, testing::StartsWith(path));
    EXPECT_THAT(message, testing::Not(testing::HasSubstr("\n")));
    return message.substr(std::min(path.size(), message.size()));
  }
}

std::string refusal_of(const std::function<void(nlohmann::ordered_json& record)>& change) {
  return refusal_after([&](const std::filesystem::path& folder) {
    nlohmann::ordered_json record = made_record();
    change(record);
    make_file(folder / "run.json", record.dump());
  });
}

}  // namespace nib::test
