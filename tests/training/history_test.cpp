#include "training/history.h"

#include <gtest/gtest.h>

#include <cmath>
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

TEST(HistoryDocument, IsWhatTheFileHas) {
  for (const History& history : {with_validation, without_validation, History()})
    EXPECT_EQ(json_line(history_to_json(history)), nlohmann::ordered_json::parse(history_json(history)).dump());
}

History read_back(const Json& document) {
  const std::string name = "run.json";
  return history_from_json(JsonReader(document, name));
}

TEST(HistoryDocument, ReadsBackExactly) {
  const History history = read_back(history_to_json(with_validation));
  ASSERT_EQ(history.size(), 2U);
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].epoch, with_validation[i].epoch);
    EXPECT_EQ(history[i].loss, with_validation[i].loss);
    EXPECT_EQ(history[i].accuracy, with_validation[i].accuracy);
    EXPECT_EQ(history[i].validation_loss, with_validation[i].validation_loss);
    EXPECT_EQ(history[i].validation_accuracy, with_validation[i].validation_accuracy);
    EXPECT_EQ(history[i].seconds, with_validation[i].seconds);
  }
  EXPECT_FALSE(read_back(history_to_json(without_validation))[0].validation_loss);
  EXPECT_TRUE(read_back(history_to_json({})).empty());
  EXPECT_TRUE(read_back(Json::object()).empty());
}

TEST(HistoryDocument, KeepsWhatIsNotFiniteAsNothing) {
  const double huge = std::numeric_limits<double>::infinity();
  const Json document = history_to_json({{.epoch = 1, .loss = huge, .validation_loss = huge}});
  EXPECT_TRUE(document["loss"].items()[0].is_null());
  EXPECT_TRUE(std::isnan(read_back(document)[0].loss));
  EXPECT_TRUE(std::isnan(*read_back(document)[0].validation_loss));
}

TEST(HistoryDocument, TellsTheLearningRateWhereEpochsHaveOne) {
  const double third = 0.001 / 3;
  const History history = {{.epoch = 1, .loss = 0.5, .accuracy = 0.75, .learning_rate = third, .seconds = 3}};
  EXPECT_EQ(history_csv(history), "epoch,accuracy,loss,learning_rate,seconds\n1,0.75,0.5,0.000333333333,3\n");
  EXPECT_EQ(read_back(history_to_json(history))[0].learning_rate, third);
  EXPECT_FALSE(read_back(history_to_json(without_validation))[0].learning_rate);
}

TEST(HistoryColumns, AreThoseOfTheFiles) {
  const auto names = [](const History& history) {
    std::string text;
    for (const HistoryColumn& column : history_columns(history)) text += std::string(column.name) + ' ';
    return text;
  };
  EXPECT_EQ(names(with_validation), "accuracy loss val_accuracy val_loss seconds ");
  EXPECT_EQ(names(without_validation), "accuracy loss seconds ");
  EXPECT_EQ(names({{.epoch = 1, .validation_accuracy = 0.5}}), "accuracy loss val_accuracy val_loss seconds ");
  EXPECT_EQ(names({{.epoch = 1, .learning_rate = 0.5}}), "accuracy loss learning_rate seconds ");
}

}  // namespace
}  // namespace nib
