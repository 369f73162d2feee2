#include "training/history.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace nib {
namespace {

const History with_validation = {
    {.epoch = 1,
     .loss = 0.25,
     .accuracy = 0.91234567891234,
     .validation_loss = 0.125,
     .validation_accuracy = 0.96875,
     .seconds = 1.5,
     .training_seconds = 1.25},
    {.epoch = 2,
     .loss = 1e-5,
     .accuracy = 1.0,
     .validation_loss = 0.1,
     .validation_accuracy = 0.98,
     .seconds = 2,
     .training_seconds = 1.75},
};
const History without_validation = {{.epoch = 1, .loss = 0.5, .accuracy = 0.75, .seconds = 3}};

TEST(HistoryCsv, HasALineForEachEpoch) {
  EXPECT_EQ(history_csv(with_validation),
            "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n"
            "1,0.912345679,0.25,0.96875,0.125,1.5\n"
            "2,1,1e-05,0.98,0.1,2\n");
}

TEST(HistoryCsv, LeavesOutValidationWhereThereIsNone) {
  EXPECT_EQ(history_csv(without_validation), "epoch,accuracy,loss,seconds\n1,0.75,0.5,3\n");
}

TEST(HistoryCsv, OfNoEpochIsTheHeader) { EXPECT_EQ(history_csv({}), "epoch,accuracy,loss,seconds\n"); }

TEST(HistoryJson, IsAnObjectOfArrays) {
  EXPECT_EQ(history_json(with_validation),
            "{\n"
            "  \"epoch\": [1, 2],\n"
            "  \"accuracy\": [0.91234567891234, 1],\n"
            "  \"loss\": [0.25, 1e-05],\n"
            "  \"val_accuracy\": [0.96875, 0.98],\n"
            "  \"val_loss\": [0.125, 0.1],\n"
            "  \"seconds\": [1.5, 2]\n"
            "}\n");
}

TEST(HistoryJson, ReadsBackExactly) {
  const double third = 1.0 / 3.0;
  const auto read = nlohmann::json::parse(history_json({{.epoch = 1, .loss = third}}));
  EXPECT_EQ(read.at("loss").at(0).get<double>(), third);
  EXPECT_FALSE(read.contains("val_loss"));
}

TEST(HistoryJson, StaysValidWithoutEpochsAndWithWhatIsNotFinite) {
  EXPECT_EQ(nlohmann::json::parse(history_json({})).at("loss").size(), 0u);
  const History history = {{.epoch = 1, .loss = 1, .validation_loss = std::numeric_limits<double>::infinity()}};
  const auto read = nlohmann::json::parse(history_json(history));
  EXPECT_TRUE(read.at("val_loss").at(0).is_null());
  EXPECT_TRUE(read.at("val_accuracy").at(0).is_null());
}

}  // namespace
}  // namespace nib
