// nib train with a settings file and with recipes: what counts, what is printed, and what is refused.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Config : public testing::Test {
 protected:
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  Ending train(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"train", "--config", "my.toml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ending train_with(const std::string& settings, const std::vector<std::string>& more = {}) const {
    make_file(folder / "my.toml", settings);
    return train(more);
  }
  std::string printed(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"train", "--print-config"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 0) << ending.errors;
    return ending.output;
  }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }

  const SmallSetFolder folder{};
};

constexpr const char* small =
    "[train]\ndata = \"set\"\ndevice = \"cpu\"\nthreads = 1\nepochs = 2\nbatch = 32\n"
    "no-pictures = true\n";

TEST_F(Config, SaysTheSameAsTheCommandLine) {
  const Ending by_file = train_with(std::string(small) + "schedule = \"step\"\ndecay-rate = 0.25\nout = \"file\"\n");
  ASSERT_EQ(by_file.code, 0) << by_file.errors;
  ASSERT_EQ(run(small_training({"--schedule", "step", "--decay-rate", "0.25", "--out", "line"})).code, 0);
  for (const char* const key : {"weights_sha256", "configuration", "command"})
    EXPECT_EQ(record("file")[key], record("line")[key]) << key;
}

TEST_F(Config, IsWeakerThanTheCommandLine) {
  const Ending ending = train_with(small, {"--epochs", "1", "--no-pictures=false", "--out", "run"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(record("run")["configuration"]["epochs"], 1);
  EXPECT_EQ(record("run")["configuration"]["batch"], 32);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/report.html"));
}

TEST_F(Config, OfTwoThatExcludeEachOtherTheStrongerCounts) {
  const auto settings = [&](const std::string& more, const std::vector<std::string>& line) {
    make_file(folder / "my.toml", small + more);
    std::vector<std::string> arguments = {"--config", "my.toml"};
    arguments.insert(arguments.end(), line.begin(), line.end());
    return printed(arguments);
  };
  EXPECT_THAT(settings("reduce-on-plateau = 3\nplateau-factor = 0.5\n", {"--schedule", "cosine"}),
              AllOf(HasSubstr("\nschedule = \"cosine\"\n"), HasSubstr("\n#reduce-on-plateau = N\n"),
                    HasSubstr("\n#plateau-factor = 0.1\n")));
  EXPECT_THAT(settings("schedule = \"one-cycle\"\nwarmup-epochs = 1\n", {"--reduce-on-plateau", "3"}),
              AllOf(HasSubstr("\nschedule = \"constant\"\n"), HasSubstr("\nreduce-on-plateau = 3\n"),
                    HasSubstr("\n#warmup-epochs = X\n")));
  EXPECT_THAT(settings("schedule = \"step\"\ndecay-rate = 0.3\n", {"--schedule", "exponential"}),
              HasSubstr("\ndecay-rate = 0.5\n"))
      << "a schedule comes with its own parameters";
  EXPECT_THAT(settings("validation = \"random\"\nvalidation-split = 0.2\n", {"--validation-data", "set"}),
              AllOf(HasSubstr("\nvalidation-data = \"set\"\n"), HasSubstr("\n#validation = \"last\"\n"),
                    HasSubstr("\n#validation-split = 0.1\n")));
  EXPECT_THAT(settings("validation-data = \"set\"\n", {"--validation-split", "0.2"}),
              AllOf(HasSubstr("\n#validation-data = \"PATH\"\n"), HasSubstr("\nvalidation-split = 0.2\n")));
  EXPECT_THAT(train_with("schedule = \"cosine\"\nreduce-on-plateau = 3\n").errors,
              HasSubstr("my.toml: line 2, reduce-on-plateau: needs a constant schedule, as in Keras (got cosine)\n"))
      << "from one source it is a contradiction";
}

TEST_F(Config, HasThePathsOfTheFolderOfTheCommand) {
  std::filesystem::create_directory(folder / "below");
  make_file(folder / "below/my.toml", std::string(small) + "out = \"run\"\n");
  ASSERT_EQ(run({"train", "--config", "below/my.toml"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/run.json"));
}

TEST_F(Config, BadValuesAreToldWithTheirPlace) {
  const auto error = [&](const std::string& settings) {
    const Ending ending = train_with(settings);
    EXPECT_EQ(ending.code, 2) << settings;
    EXPECT_EQ(ending.output, "");
    return ending.errors;
  };
  EXPECT_EQ(error("# few\nepochs = 0\n"),
            "nib: error: my.toml: line 2, epochs: not a whole number between 1 and 100000 (got \"0\")\n");
  EXPECT_EQ(error("restore-best = \"yes\""),
            "nib: error: my.toml: line 1, restore-best: not true or false (got \"yes\")\n");
  EXPECT_EQ(error("epochs = [1, 2]"),
            "nib: error: my.toml: line 1, epochs: not a whole number between 1 and 100000 (got \"1,2\")\n");
  EXPECT_EQ(error("schedule = \"cosin\""),
            "nib: error: my.toml: line 1, schedule: unknown word (expected constant|step|exponential|cosine|"
            "warmup-cosine|one-cycle, got \"cosin\")\nhint: did you mean cosine?\n");
  EXPECT_EQ(
      error("data = \"\""),
      "nib: error: my.toml: line 1, data: empty value (expected mnist, fashion or a data set's folder or file)\n");
  EXPECT_EQ(error("decay-rate = 0.3\n"),
            "nib: error: my.toml: line 1, decay-rate: is no parameter of the schedule (expected --schedule step or "
            "exponential, got constant)\n");
  EXPECT_EQ(error("data = \"set\"\nvalidation-data = \"\"\n"),
            "nib: error: my.toml: line 2, validation-data: empty value (expected a data set's folder or file)\n");
  EXPECT_EQ(error("data = \"set\"\nout = \"set/train-images-idx3-ubyte\"\n"),
            "nib: error: my.toml: line 2, out: set/train-images-idx3-ubyte: exists and is not a folder\n");
}

TEST_F(Config, UnknownNamesAreToldWithTheNearest) {
  const auto error = [&](const std::string& settings) { return train_with(settings).errors; };
  const std::string place = "nib: error: my.toml: line 1: nib train has no setting ";
  EXPECT_EQ(error("epoch = 3"), place + "\"epoch\"\nhint: it is epochs\n");
  EXPECT_EQ(error("lr = 3"), place + "\"lr\"\nhint: it is learning-rate\n");
  EXPECT_EQ(error("learning_rate = 3"), place + "\"learning_rate\"\nhint: it is learning-rate\n");
  EXPECT_EQ(error("bacth = 3"), place + "\"bacth\"\nhint: did you mean batch?\n");
  EXPECT_EQ(error("frobnicate = 3"), place + "\"frobnicate\"\nhint: nib train --print-config lists all settings\n");
  EXPECT_EQ(error("help = true"), place + "\"help\"\nhint: nib train --print-config lists all settings\n");
  EXPECT_EQ(error("--epochs = 3"), place + "\"--epochs\"\nhint: it is epochs\n");
  for (const std::string name : {"config", "print-config"})
    EXPECT_EQ(error(name + " = \"a\""), place + '"' + name + "\"\nhint: it is for the command line alone\n");
}

TEST_F(Config, WhatIsNoSettingsFileIsRefused) {
  EXPECT_EQ(train({}).errors, "nib: error: my.toml: cannot open: no such file or directory\n");
  std::filesystem::create_directory(folder / "my.toml");
  EXPECT_THAT(train({}).errors, HasSubstr("my.toml: not a regular file (expected a regular file, got a directory)"));
  std::filesystem::remove(folder / "my.toml");
  make_file(folder / "my.toml", "");
  std::filesystem::resize_file(folder / "my.toml", 100'000'000);
  const Ending large = train({});
  EXPECT_EQ(large.code, 3);
  EXPECT_THAT(large.errors, HasSubstr("my.toml: file too large"));
  ASSERT_EQ(run(small_training({"--out", "run"})).code, 0);
  EXPECT_THAT(run({"train", "--config", "run/run.json"}).errors, HasSubstr("run/run.json: is JSON (expected lines"));
  EXPECT_EQ(run({"train", "--config", "run/model.safetensors"}).code, 3);
}

std::vector<std::string> options_of_help(const std::string& help) {
  std::vector<std::string> names;
  const std::regex option("^  (?:-., |    )--([a-z0-9-]+)", std::regex::multiline);
  for (std::sregex_iterator each(help.begin(), help.end(), option), end; each != end; ++each)
    names.push_back((*each)[1]);
  return names;
}

TEST_F(Config, PrintedHasEveryOptionOfTheCommand) {
  const std::string text = printed({});
  const std::vector<std::string> options = options_of_help(run({"train", "--help"}).output);
  EXPECT_GT(options.size(), 40U);
  for (const std::string& option : options) {
    if (const std::set<std::string> none = {"config", "print-config", "help"}; none.contains(option)) continue;
    const std::regex line("\n# [^\n]+\n(?:# [^\n]+\n)?#?" + option + " = [^\n]+\n");
    EXPECT_TRUE(std::regex_search(text, line)) << option << " or its meaning is missing";
  }
  EXPECT_THAT(text, AllOf(HasSubstr("\nepochs = 5\n"), HasSubstr("\nrecipe = \"keras\"\n"),
                          HasSubstr("\nearly-stopping = \"off\"\n"), HasSubstr("\n#limit = N\n")));
  EXPECT_THAT(text, HasSubstr("\n#threads = ")) << "that of another machine would be slow here";
  EXPECT_EQ(folder.names(), std::vector<std::string>{"set"}) << "it does no more";
}

TEST_F(Config, PrintedMakesTheSameWhenItIsReadBack) {
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{},
        {"--recipe", "fast"},
        {"--recipe", "best", "--epochs", "7"},
        {"--schedule", "one-cycle", "--warmup-epochs", "0.5", "--early-stopping", "3", "--restore-best"},
        {"--reduce-on-plateau", "4", "--plateau-factor", "0.5", "--monitor", "accuracy", "--validation-split", "0"},
        {"--validation-data", "set", "--out", "it's #1", "--device", "gpu", "--seed", "18446744073709551615"},
        {"--data", "a, \"b\"", "--limit", "12", "--flatten", "CHW", "--precision", "fp32", "--threads", "3"}}) {
    const std::string text = printed(line);
    make_file(folder / "my.toml", text);
    EXPECT_EQ(printed({"--config", "my.toml"}), text);
  }
}

TEST_F(Config, PrintedTrainsTheSame) {
  const std::vector<std::string> line = small_training({"--schedule", "cosine", "--restore-best"});
  make_file(folder / "my.toml", printed({line.begin() + 1, line.end()}));
  ASSERT_EQ(train({"--out", "file"}).code, 0);
  std::vector<std::string> with_out = line;
  with_out.insert(with_out.end(), {"--out", "line"});
  ASSERT_EQ(run(with_out).code, 0);
  for (const char* const key : {"weights_sha256", "configuration", "command"})
    EXPECT_EQ(record("file")[key], record("line")[key]) << key;
}

TEST_F(Config, OfARunThatGoesOnHasToBeItsOwn) {
  ASSERT_EQ(train_with(small, {"--out", "run"}).code, 0);
  const Ending more = train({"--resume", "run", "--epochs", "3"});
  ASSERT_EQ(more.code, 0) << more.errors;
  const Ending other = train_with("batch = 16\n", {"--resume", "run", "--epochs", "4"});
  EXPECT_EQ(other.code, 2);
  EXPECT_EQ(other.errors,
            "nib: error: my.toml: line 1, batch: the run to resume has another one (expected 32, got 16)\n"
            "hint: leave it out: a run goes on with its own settings\n");
  EXPECT_THAT(run({"train", "--print-config", "--resume", "run"}).errors,
              HasSubstr("--print-config: a run that goes on has its own settings\n"));
}

TEST_F(Config, ARecipeIsASetOfUsualValues) {
  EXPECT_THAT(printed({"--recipe", "fast"}),
              AllOf(HasSubstr("\nrecipe = \"fast\"\n"), Not(HasSubstr("\nepochs = 5\n"))));
  EXPECT_EQ(printed({"--recipe", "keras", "--seed", "0"}), printed({}));
  make_file(folder / "my.toml", "recipe = \"best\"\nepochs = 3\n");
  const std::string by_file = printed({"--config", "my.toml", "--learning-rate", "0.25"});
  EXPECT_THAT(by_file, AllOf(HasSubstr("\nrecipe = \"best\"\n"), HasSubstr("\nepochs = 3\n"),
                             HasSubstr("\nlearning-rate = 0.25\n")));
  EXPECT_THAT(printed({"--config", "my.toml", "--recipe", "fast"}), HasSubstr("\nrecipe = \"fast\"\n"));
  EXPECT_THAT(printed({"--recipe", "fast", "--reduce-on-plateau", "3"}), HasSubstr("\nschedule = \"constant\"\n"));
  EXPECT_EQ(run({"train", "--recipe", "fsat"}).errors,
            "nib: error: --recipe: unknown word (expected keras|fast|best, got \"fsat\")\nhint: did you mean fast?\n");
  EXPECT_THAT(run({"train", "--config", "my.toml", "--epochs", "1", "--recipe", "fast", "--reduce-on-plateau", "3",
                   "--schedule", "cosine"})
                  .errors,
              HasSubstr("--reduce-on-plateau: needs a constant schedule"));
}

TEST_F(Config, ARecipeIsRecordedAndItsRunGoesOn) {
  const Ending ending = run(small_training({"--recipe", "fast", "--out", "run"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json whole = record("run");
  EXPECT_EQ(whole["configuration"]["recipe"], "fast");
  EXPECT_THAT(whole["command"].get<std::string>(), AllOf(HasSubstr("--schedule "), Not(HasSubstr("--recipe"))))
      << "the command has the values, and so holds for other versions, too";
  const auto resume = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--out", "next", "--force", "--no-pictures"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  EXPECT_THAT(resume({"--recipe", "best"}).errors,
              HasSubstr("--recipe: the run to resume has another one (expected \"fast\", got \"best\")"));
  ASSERT_EQ(run(small_training({"--recipe", "fast", "--out", "plain", "--schedule", "constant"})).code, 0);
  const Ending more = run({"train", "--resume", "plain", "--recipe", "fast", "--epochs", "3", "--no-pictures"});
  ASSERT_EQ(more.code, 0) << more.errors;
  EXPECT_FALSE(record("plain")["configuration"].contains("schedule")) << "the run's own settings hold";
}

}  // namespace
}  // namespace nib
