// Every list of a record that a page, a picture or a table is made of has an end.
#include <gmock/gmock.h>

#include "base/error.h"
#include "report/sample_report.h"
#include "runs/record_of.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::record_of;
using test::sample_record;

std::string error_with(const char* place, ordered_json value) {
  ordered_json record = sample_record();
  record[ordered_json::json_pointer(place)] = std::move(value);
  try {
    record_of(record, "run.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "no error";
}

ordered_json members(std::size_t count, const ordered_json& value) {
  ordered_json object = ordered_json::object();
  for (std::size_t i = 0; i < count; ++i) object.push_back({std::to_string(i), value});
  return object;
}

TEST(RecordLimits, EndTheEpochs) {
  const auto history = [](std::size_t epochs) { return ordered_json{{"loss", ordered_json(epochs, 0.5)}}; };
  EXPECT_EQ(error_with("/history", history(100'000)), "no error");
  EXPECT_EQ(error_with("/history", history(100'001)),
            "run.json: history: too many epochs (expected at most 100000, got 100001)");
  EXPECT_EQ(error_with("/history", {{"epoch", ordered_json(100'001, 1)}}),
            "run.json: history.epoch: too many epochs (expected at most 100000, got 100001)");
}

TEST(RecordLimits, EndTheClasses) {
  EXPECT_EQ(error_with("/data/class_names", ordered_json(257, "a")),
            "run.json: data.class_names: too many classes (expected at most 256, got 257)");
  EXPECT_EQ(error_with("/data/class_names/0", std::string(65, 'a')),
            "run.json: data.class_names[0]: text is too long (expected at most 64 bytes, got 65 bytes)");
  EXPECT_EQ(error_with("/data/class_counts/test", ordered_json(257, 1)),
            "run.json: data.class_counts.test: too many classes (expected at most 256, got 257)");
  EXPECT_EQ(error_with("/data/class_counts", members(17, {1, 2, 3})),
            "run.json: data.class_counts: too many parts (expected at most 16, got 17)");
  EXPECT_EQ(error_with("/data/images", members(17, 1)),
            "run.json: data.images: too many parts (expected at most 16, got 17)");
  EXPECT_EQ(error_with("/test/confusion_matrix", ordered_json(257, {1, 2, 3})),
            "run.json: test.confusion_matrix: too many classes (expected at most 256, got 257)");
}

TEST(RecordLimits, EndWhatIsShownAsItIs) {
  EXPECT_EQ(error_with("/configuration", members(1001, 1)),
            "run.json: configuration: too many settings (expected at most 1000, got 1001)");
  for (const std::string place : {"machine", "program", "program.libraries"}) {
    std::string pointer = "/" + place;
    std::ranges::replace(pointer, '.', '/');
    EXPECT_EQ(error_with(pointer.c_str(), members(1000, "x")), "no error");
    EXPECT_EQ(error_with(pointer.c_str(), members(1001, "x")),
              "run.json: " + place + ": too many members (expected at most 1000, got 1001)");
  }
  EXPECT_EQ(error_with("/data/files", ordered_json(1001, {{"path", "x"}})),
            "run.json: data.files: too many files (expected at most 1000, got 1001)");
  EXPECT_EQ(error_with("/command", ordered_json(1001, "x")),
            "run.json: command: too many words (expected at most 1000, got 1001)");
}

TEST(RecordLimits, EndTexts) {
  for (const std::string place : {"command", "started", "folder", "weights_sha256"})
    EXPECT_EQ(error_with(("/" + place).c_str(), std::string(65'537, 'x')),
              "run.json: " + place + ": text is too long (expected at most 65536 bytes, got 65537 bytes)");
  // A comparison has a row for each of its parts.
  EXPECT_EQ(error_with("/engine", std::string(1001, ',')),
            "run.json: engine: text is too long (expected at most 1000 bytes, got 1001 bytes)");
}

}  // namespace
}  // namespace nib
