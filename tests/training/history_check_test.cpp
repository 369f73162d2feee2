#include "training/history_check.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "training/history.h"

namespace nib {
namespace {

History two_epochs() {
  return {
      {.epoch = 1, .loss = 0.5, .accuracy = 0.75, .validation_loss = 1.0 / 3, .validation_accuracy = 1, .seconds = 2},
      {.epoch = 2, .loss = 0.25, .accuracy = 0.9, .validation_loss = 0.2, .validation_accuracy = 0.5, .seconds = 3}};
}

std::string refusal_of(const std::string& text, const History& history = two_epochs()) {
  try {
    check_history_csv(text, "history.csv", history);
    return "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
}

const std::string header = "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n";
const std::string first = "1,0.75,0.5,1,0.333333333,2\n", second = "2,0.9,0.25,0.5,0.2,3\n";

TEST(HistoryCheck, TakesWhatAHistoryWrites) {
  EXPECT_EQ(history_csv(two_epochs()), header + first + second);
  EXPECT_EQ(refusal_of(header + first + second), "no error");
  EXPECT_EQ(refusal_of("epoch,accuracy,loss,seconds\n", {}), "no error");
}

TEST(HistoryCheck, PassesOverColumnsOfOtherVersions) {
  EXPECT_EQ(refusal_of("epoch,rate,seconds,val_loss,val_accuracy,loss,accuracy\n1,x,2,0.333333333,1,0.5,0.75\n"
                       "2,,3,0.2,0.5,0.25,0.9\n"),
            "no error");
}

TEST(HistoryCheck, TakesNoFiniteNumberForOneThatIsNot) {
  History history = two_epochs();
  history[0].validation_loss = std::nan("");
  for (const std::string word : {"nan", "-nan", "inf", "-inf"})
    EXPECT_EQ(refusal_of(header + "1,0.75,0.5,1," + word + ",2\n" + second, history), "no error");
  EXPECT_EQ(refusal_of(header + "1,0.75,0.5,1,0,2\n" + second, history),
            "history.csv: line 2, column val_loss: not what run.json says (expected nan, got 0)");
}

TEST(HistoryCheck, NamesLineAndColumn) {
  EXPECT_EQ(refusal_of(header + first + "2,0.9,0.25,0.5,0.2,4\n"),
            "history.csv: line 3, column seconds: not what run.json says (expected 3, got 4)");
  EXPECT_EQ(refusal_of(header + second + first),
            "history.csv: line 2, column epoch: not what run.json says (expected 1, got 2)");
  EXPECT_EQ(refusal_of(header + "1,0.75,0.5,1\n" + second), "history.csv: line 2: ends too early");
  EXPECT_EQ(refusal_of(header + "1,0.75,0.5,1,0.333333333,2,\n" + second),
            "history.csv: line 2: more cells than columns");
}

TEST(HistoryCheck, WantsAllEpochsAndColumnsAndNoMore) {
  EXPECT_EQ(refusal_of(header + first), "history.csv: line 3: ends too early");
  EXPECT_EQ(refusal_of(header + first + second.substr(0, 8)), "history.csv: line 3: ends too early");
  EXPECT_EQ(refusal_of(header + first + second + second),
            "history.csv: line 4: more epochs than run.json has (expected 2 epochs)");
  EXPECT_EQ(refusal_of("accuracy\n"), "history.csv: line 1: not the header of a history");
  EXPECT_EQ(refusal_of("epoch,loss\n"),
            "history.csv: line 1: not the columns of this run (expected 5 that run.json has, got 1)");
  EXPECT_EQ(refusal_of(""), "history.csv: line 1: ends too early");
}

TEST(HistoryCheck, ComparesTheFiguresOfHistoryJsonExactly) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      check_history_json(text, "history.json", two_epochs());
      return "no error";
    } catch (const Error& error) {
      return error.what();
    }
  };
  const std::string text = history_json(two_epochs());
  EXPECT_EQ(refusal(text), "no error");
  std::string changed = text;
  changed.replace(changed.find("0.3333333333333333"), 18, "0.333333333");
  EXPECT_EQ(refusal(changed), "history.json: epoch 1, val_loss: not the figures that run.json has");
  EXPECT_EQ(refusal(history_json({two_epochs()[0]})),
            "history.json: not the history that run.json has (expected 2 epochs, got 1 epoch)");
  EXPECT_EQ(refusal("{\"a\": [[[]]]}"), "history.json: JSON is nested too deep (expected at most 2 levels)");
}

}  // namespace
}  // namespace nib
