// The hash that a record has of itself.

#include "runs/record_seal.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "base/hash.h"

namespace nib {
namespace {

using testing::HasSubstr;

const std::string name = "run.json";
constexpr int deepest = 16;

std::string problem_of(const std::string& text) {
  try {
    const Json document = parse_json(text, name, deepest);
    check_seal(text, JsonReader(document, name));
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
}

Json record() {
  return {{"status", "finished"}, {"seconds", {{"total", 1.5}}}, {"epoch_weights", {{"sha256", Json::array()}}}};
}

std::size_t digits_in(const std::string& text) { return text.find("record_sha256\": \"") + 17; }

TEST(RecordSeal, IsTheHashOfTheFileWithItsOwnDigitsAsZeros) {
  std::string text = json_text(sealed(record()));
  const std::string digits = text.substr(digits_in(text), 64);
  EXPECT_EQ(problem_of(text), "");
  text.replace(digits_in(text), 64, 64, '0');
  EXPECT_EQ(to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()})), digits);
}

TEST(RecordSeal, IsMadeAnewForARecordThatHasOne) {
  const Json once = sealed(record());
  EXPECT_EQ(json_text(sealed(once)), json_text(once));
}

TEST(RecordSeal, FindsEveryChangedByte) {
  const std::string text = json_text(sealed(record()));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char other : {'1', ' ', 'a', '"'}) {
      std::string changed = text;
      if (changed[i] == other) continue;
      changed[i] = other;
      EXPECT_NE(problem_of(changed), "") << "byte " << i << ", " << other;
      ++refused;
    }
  EXPECT_GT(refused, text.size());
}

TEST(RecordSeal, NamesItselfAndBothHashes) {
  std::string text = json_text(sealed(record()));
  const std::string digits = text.substr(digits_in(text), 64);
  text.replace(text.find("1.5"), 3, "2.5");
  EXPECT_THAT(problem_of(text),
              testing::StartsWith("run.json: record_sha256: the record was changed since nib wrote it: "
                                  "its SHA-256 is another (expected " +
                                  digits + ", got "));
}

TEST(RecordSeal, MayBeMissingInOlderRecordsAlone) {
  EXPECT_EQ(problem_of("{\"status\": \"finished\"}"), "");
  EXPECT_THAT(problem_of(json_text(record())), HasSubstr("record_sha256"));
  EXPECT_THAT(problem_of("{\"record_sha256\": \"abc\"}"), HasSubstr("not a SHA-256"));
}

}  // namespace
}  // namespace nib
