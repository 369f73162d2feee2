#include "cli/synonyms.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

KnownCommand command_with(const std::vector<std::string>& options) {
  KnownCommand command{.name = "nib train", .commands = {}, .options = {}};
  for (const std::string& option : options) command.options.push_back({.names = {option}, .allowed = {}});
  return command;
}

const KnownCommand train =
    command_with({"--learning-rate", "--batch", "--epochs", "--device", "--threads", "--out", "--data"});
const KnownCommand predict = command_with({"WEIGHTS", "IMAGE", "--index", "-i", "--json"});

TEST(PlainDashes, ReplaceThoseOfTypography) {
  EXPECT_EQ(with_plain_dashes("\u2013epochs"), "--epochs");
  EXPECT_EQ(with_plain_dashes("\u2014epochs=3"), "--epochs=3");
  EXPECT_EQ(with_plain_dashes("\u2013-epochs"), "--epochs");
  EXPECT_EQ(with_plain_dashes("\u2010\u2010epochs"), "--epochs");
  EXPECT_EQ(with_plain_dashes("\u2212e"), "-e");
  EXPECT_EQ(with_plain_dashes("\u2013e=3"), "-e=3");
  EXPECT_EQ(with_plain_dashes("--learning\u2011rate"), "--learning-rate");
  EXPECT_EQ(with_plain_dashes("0\u20138"), "0-8");
  EXPECT_EQ(with_plain_dashes("-e"), "-e");
  EXPECT_EQ(with_plain_dashes("größe"), "größe");
  EXPECT_EQ(with_plain_dashes("\u2013"), "-");
}

TEST(RealOption, IsTheSameSpeltAnotherWay) {
  EXPECT_EQ(real_option("--Learning_Rate", train), "--learning-rate");
  EXPECT_EQ(real_option("-epochs", train), "--epochs");
  EXPECT_EQ(real_option("\u2013epochs", train), "--epochs");
  EXPECT_EQ(real_option("\u2212i", predict), "-i");
}

TEST(RealOption, IsAnotherProgramsWord) {
  EXPECT_EQ(real_option("--lr", train), "--learning-rate");
  EXPECT_EQ(real_option("-lr", train), "--learning-rate");
  EXPECT_EQ(real_option("--batch-size", train), "--batch");
  EXPECT_EQ(real_option("--batch_size", train), "--batch");
  EXPECT_EQ(real_option("--num-epochs", train), "--epochs");
  EXPECT_EQ(real_option("--gpu", train), "--device cuda");
  EXPECT_EQ(real_option("--no-cuda", train), "--device cpu");
  EXPECT_EQ(real_option("--workers", train), "--threads");
  EXPECT_EQ(real_option("--output", train), "--out");
  EXPECT_EQ(real_option("--model", predict), "WEIGHTS, an argument without a name");
}

TEST(RealOption, IsNoneThatTheCommandLacks) {
  EXPECT_EQ(real_option("--lr", predict), std::nullopt);
  EXPECT_EQ(real_option("--frobnicate", train), std::nullopt);
  EXPECT_EQ(real_option("--epochs", train), std::nullopt) << "that is right as it is";
  EXPECT_EQ(real_option("-1", predict), std::nullopt);
  EXPECT_EQ(real_option("--", train), std::nullopt);
  EXPECT_EQ(real_option("", train), std::nullopt);
}

TEST(RealCommand, IsAnotherProgramsVerb) {
  const std::vector<std::string> commands = {"train", "evaluate", "predict", "bench", "doctor"};
  EXPECT_EQ(real_command("test", commands), "evaluate");
  EXPECT_EQ(real_command("Eval", commands), "evaluate");
  EXPECT_EQ(real_command("fit", commands), "train");
  EXPECT_EQ(real_command("infer", commands), "predict");
  EXPECT_EQ(real_command("benchmark", commands), "bench");
  EXPECT_EQ(real_command("check", commands), "doctor");
  EXPECT_EQ(real_command("check", {"list", "verify"}), "verify");
  EXPECT_EQ(real_command("frobnicate", commands), std::nullopt);
}

TEST(OptionOfValue, NamesItWhereTheCommandHasIt) {
  EXPECT_EQ(option_of_value("fashion", train), "--data fashion");
  EXPECT_EQ(option_of_value("gpu", train), "--device cuda");
  EXPECT_EQ(option_of_value("fashion", predict), std::nullopt);
}

}  // namespace
}  // namespace nib
