// What a user gets for a wrong command line: one line, the exit code for usage, and nothing done.

#include <gmock/gmock.h>

#include <cctype>
#include <cstring>
#include <ostream>

#include "commands/small_set.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct WrongLine {
  std::vector<std::string> arguments;
  std::string message;
  int code = 2;
};

/// CTest names the case by this: the command line, as far as it is plain.
void PrintTo(const WrongLine& line, std::ostream* out) {
  std::string text;
  for (const std::string& argument : line.arguments) text += (text.empty() ? "" : " ") + argument;
  for (const char letter : text.substr(0, 60))
    *out << (std::isalnum(static_cast<unsigned char>(letter)) || std::strchr(" -=.+", letter) ? letter : '_');
}

class WrongCommandLine : public testing::TestWithParam<WrongLine> {};

TEST_P(WrongCommandLine, IsToldAndNothingIsTouched) {
  const TemporaryFolder folder;
  const Ending ending = nib(GetParam().arguments, folder.path());
  EXPECT_EQ(ending.errors, "nib: error: " + GetParam().message + "\n");
  EXPECT_EQ(ending.code, GetParam().code);
  EXPECT_THAT(ending.output, IsEmpty());
  EXPECT_THAT(folder.names(), IsEmpty());
}

const std::string epochs = "--epochs: not a whole number between 1 and 100000 (got ";
const std::string rate = "--learning-rate: not a number between 1e-30 and 1e+30 (got ";
const std::string thread_counts =
    "--threads: not a whole number between 1 and 1024, or up to 64 of them as in 1,2,4 (got ";
const std::string unchanged =
    "--augment: names nothing that an image can be changed in (expected some of "
    "shift=PIXELS,rotate=DEGREES,scale=FRACTION, got ";
const std::string split = "--validation-split: not a number from 0 to below 1 (got ";

INSTANTIATE_TEST_SUITE_P(
    Numbers, WrongCommandLine,
    testing::Values(
        WrongLine{{"train", "--epochs", "0x10"}, epochs + "\"0x10\")"},
        WrongLine{{"train", "--epochs", "0"}, epochs + "\"0\")"},
        WrongLine{{"train", "--epochs", "-1"}, epochs + "\"-1\")"},
        WrongLine{{"train", "--epochs=-1"}, epochs + "\"-1\")"}, WrongLine{{"train", "-e", "+1"}, epochs + "\"+1\")"},
        WrongLine{{"train", "--epochs", "1 "}, epochs + "\"1 \")"},
        WrongLine{{"train", "--epochs", "1.0"}, epochs + "\"1.0\")"},
        WrongLine{{"train", "--epochs", "1e3"}, epochs + "\"1e3\")"},
        WrongLine{{"train", "--epochs", "5x"}, epochs + "\"5x\")"},
        WrongLine{{"train", "--epochs", "100001"}, epochs + "\"100001\")"},
        WrongLine{{"train", "--epochs", "18446744073709551617"}, epochs + "\"18446744073709551617\")"},
        WrongLine{{"train", "--epochs", "[1,2]"}, epochs + "\"[1,2]\")"},
        WrongLine{{"train", "--epochs", "\xff\x1b[31m"}, epochs + R"("\xff\x1b[31m"))"},
        WrongLine{{"train", "--batch", "0"}, "--batch: not a whole number between 1 and 1000000 (got \"0\")"},
        WrongLine{{"train", "--seed", "18446744073709551616"},
                  "--seed: not a whole number between 0 and 18446744073709551615 (got \"18446744073709551616\")"},
        WrongLine{{"train", "--seed", "-1"},
                  "--seed: not a whole number between 0 and 18446744073709551615 (got \"-1\")"},
        WrongLine{{"train", "--threads", "0"}, "--threads: not a whole number between 1 and 1024 (got \"0\")"},
        WrongLine{{"train", "--threads", "1025"}, "--threads: not a whole number between 1 and 1024 (got \"1025\")"},
        WrongLine{{"bench", "--threads", "0"}, thread_counts + "\"0\")"},
        WrongLine{{"bench", "--threads", "1,,2"}, thread_counts + "\"1,,2\")"},
        WrongLine{{"bench", "--threads", "1,2,"}, thread_counts + "\"1,2,\")"},
        WrongLine{{"bench", "--threads", "2,1025"}, thread_counts + "\"2,1025\")"},
        WrongLine{{"bench", "--threads", "2,1,2"}, "--threads: 2 stands there twice (got \"2,1,2\")"},
        WrongLine{{"bench", "--threads", "1 2"}, thread_counts + "\"1 2\")"},
        WrongLine{{"bench", "--threads", "1,2", "--on-request"},
                  "--on-request: it goes with a single number of --threads"},
        WrongLine{{"train", "--threads", "1,2"}, "--threads: not a whole number between 1 and 1024 (got \"1,2\")"},
        WrongLine{{"bench", "--epochs", "0"}, "--epochs: not a whole number between 1 and 1000 (got \"0\")"},
        WrongLine{{"train", "--early-stopping", "never"},
                  "--early-stopping: not a whole number between 0 and 100000, or off (got \"never\")"},
        WrongLine{{"train", "--min-delta", "-1"}, "--min-delta: not a number between 0 and 1e+30 (got \"-1\")"},
        WrongLine{{"train", "--monitor", "val-loss"},
                  "--monitor: unknown word (expected val_loss|val_accuracy|loss|accuracy, got \"val-loss\")\n"
                  "hint: did you mean val_loss?"},
        WrongLine{{"train", "--ranks", "4"}, "--ranks: unknown word (expected auto|mpi|off, got \"4\")"},
        WrongLine{{"train", "--validation", "0.2"},
                  "--validation: unknown word (expected last|random|stratified, got \"0.2\")"},
        WrongLine{{"train", "--optimizer", "nestrov"},
                  "--optimizer: unknown word (expected adam|adamw|amsgrad|sgd|momentum|nesterov|rmsprop, got "
                  "\"nestrov\")\nhint: did you mean nesterov?"},
        WrongLine{{"train", "--ema", "1"}, "--ema: not a number from 0 to below 1 (got \"1\")"},
        WrongLine{{"train", "--augment", "shfit=2"}, unchanged + "\"shfit=2\")"},
        WrongLine{{"train", "--augment", "2"}, unchanged + "\"2\")"},
        WrongLine{{"train", "--augment", "shift=2,,rotate=1"}, unchanged + "\"\")"},
        WrongLine{{"train", "--augment", "shift=2,rotate=1,"}, unchanged + "\"\")"},
        WrongLine{{"train", "--augment", "shift=2,shift=3"},
                  "--augment: shift: is given twice (got \"shift=2,shift=3\")"},
        WrongLine{{"train", "--augment", "shift="}, "--augment: shift: not a number between 0 and 255 (got \"\")"},
        WrongLine{{"train", "--augment", "shift=2px"},
                  "--augment: shift: not a number between 0 and 255 (got \"2px\")"},
        WrongLine{{"train", "--augment", "rotate=181"},
                  "--augment: rotate: not a number between 0 and 180 (got \"181\")"},
        WrongLine{{"train", "--augment", "rotate=-5"},
                  "--augment: rotate: not a number between 0 and 180 (got \"-5\")"},
        WrongLine{{"train", "--augment", "scale=0.6"},
                  "--augment: scale: not a number between 0 and 0.5 (got \"0.6\")"},
        WrongLine{{"train", "--augment", "scale=nan"},
                  "--augment: scale: not a number between 0 and 0.5 (got \"nan\")"},
        WrongLine{{"train", "--label-smoothing", "1"}, "--label-smoothing: not a number from 0 to below 1 (got \"1\")"},
        WrongLine{{"train", "--l2", "-0.1"}, "--l2: not a number between 0 and 1000 (got \"-0.1\")"},
        WrongLine{{"train", "--label-smoothing", "-0.1"},
                  "--label-smoothing: not a number from 0 to below 1 (got \"-0.1\")"},
        WrongLine{{"train", "--schedule", "cosin"},
                  "--schedule: unknown word (expected constant|step|exponential|cosine|warmup-cosine|one-cycle, got "
                  "\"cosin\")\nhint: did you mean cosine?"},
        WrongLine{{"train", "--lr-scheduler", "step"},
                  "unknown option \"--lr-scheduler\" of nib train\nhint: it is --schedule"},
        WrongLine{
            {"train", "--decay-rate", "0.3"},
            "--decay-rate: is no parameter of the schedule (expected --schedule step or exponential, got constant)"},
        WrongLine{{"train", "--schedule", "one-cycle", "--warmup-epochs", "5"},
                  "--warmup-epochs: the run has no epochs behind the warm-up (expected less than 5, got 5)"},
        WrongLine{{"train", "--schedule", "warmup-cosine", "--epochs", "1"},
                  "--warmup-epochs: the run has no epochs behind the warm-up (expected less than 1, got 1)"},
        WrongLine{{"train", "--reduce-on-plateau", "0"},
                  "--reduce-on-plateau: not a whole number between 1 and 100000 (got \"0\")"},
        WrongLine{{"train", "--reduce-on-plateau", "3", "--schedule", "cosine"},
                  "--reduce-on-plateau: needs a constant schedule, as in Keras (got cosine)"},
        WrongLine{{"train", "--plateau-factor", "1"}, "--plateau-factor: not a number from 0 to below 1 (got \"1\")"},
        WrongLine{{"train", "--plateau-cooldown", "2"},
                  "--plateau-cooldown: the rate is not reduced on a plateau (expected --reduce-on-plateau N)"},
        WrongLine{{"train", "--patience", "3"},
                  "unknown option \"--patience\" of nib train\nhint: it is --early-stopping"},
        WrongLine{{"evaluate", "w", "--require-accuracy", "98"},
                  "--require-accuracy: not a number between 0 and 1 (got \"98\")"},
        WrongLine{{"evaluate", "w", "--digits", "16"}, "--digits: not a whole number between 0 and 15 (got \"16\")"},
        WrongLine{{"train", "--learning-rate", "nan"}, rate + "\"nan\")"},
        WrongLine{{"train", "--learning-rate", "inf"}, rate + "\"inf\")"},
        WrongLine{{"train", "--learning-rate", "0"}, rate + "\"0\")"},
        WrongLine{{"train", "--learning-rate", "-0.1"}, rate + "\"-0.1\")"},
        WrongLine{{"train", "--learning-rate", "1e99"}, rate + "\"1e99\")"},
        WrongLine{{"train", "--learning-rate", "1e-50"}, rate + "\"1e-50\")"},
        WrongLine{{"train", "--learning-rate", "1e-999"}, rate + "\"1e-999\")"},
        WrongLine{{"train", "--learning-rate", "0x1p-3"}, rate + "\"0x1p-3\")"},
        WrongLine{{"train", "--learning-rate", "0,1"}, rate + "\"0,1\")"},
        WrongLine{{"train", "--validation-split", "1"}, split + "\"1\")"},
        WrongLine{{"train", "--validation-split", "-0.1"}, split + "\"-0.1\")"},
        WrongLine{{"train", "--validation-split", "nan"}, split + "\"nan\")"}));

INSTANTIATE_TEST_SUITE_P(
    Values, WrongCommandLine,
    testing::Values(
        WrongLine{{"train", "--epochs"}, "--epochs: needs a value (expected a whole number between 1 and 100000)"},
        WrongLine{{"train", "--epochs", ""}, "--epochs: empty value (expected a whole number between 1 and 100000)"},
        WrongLine{{"train", "--epochs=", "3"}, "--epochs: empty value"},
        WrongLine{{"train", "--data", ""},
                  "--data: empty value (expected mnist, fashion or a data set's folder or file)"},
        WrongLine{{"train", "--epochs", "1", "--epochs", "2"}, "--epochs: given more than once (got \"1\" and \"2\")"},
        WrongLine{{"train", "-e", "1", "--epochs", "1"}, "--epochs: given more than once (got \"1\" and \"1\")"},
        WrongLine{{"train", "--out", "--force"},
                  "--out: needs a value (expected a folder, got \"--force\")\n"
                  "hint: a name that begins with a dash can be given as ./--force"},
        WrongLine{{"show", "--index", "0\u20138"},
                  "--index: not a range of images (expected A-B or A, counted from 0, got \"0\u20138\")\n"
                  "hint: with a plain dash: 0-8"},
        WrongLine{{"train", "--quiet=yes"}, "--quiet: not true or false (got \"yes\")"},
        WrongLine{
            {"train", "--device", "GPU0"},
            "--device: no such device (expected auto, cpu, cuda or cuda:N, got \"GPU0\")\nhint: did you mean cuda:0?"},
        WrongLine{{"train", "--device", "cuda:-1"},
                  "--device: no such device (expected auto, cpu, cuda or cuda:N, got \"cuda:-1\")"},
        WrongLine{{"train", "--precision", "tf23"},
                  "--precision: no such precision (expected fp32 or tf32, got \"tf23\")\nhint: did you mean tf32?"},
        WrongLine{
            {"bench", "--kernels", "libary"},
            "--kernels: no such kernels (expected own or library, got \"libary\")\nhint: did you mean library?"}));

INSTANTIATE_TEST_SUITE_P(
    Sweeps, WrongCommandLine,
    testing::Values(
        WrongLine{{"sweep", "--epochs", "1,2"}, "--out: missing (expected a folder for the sweep)"},
        WrongLine{{"sweep", "--epochs", "1,0", "--out", "x"}, epochs + "\"0\")"},
        WrongLine{{"sweep", "--learning-rate", "0.1,,0.2", "--out", "x"},
                  "--learning-rate: empty value (expected a number between 1e-30 and 1e+30, got \"0.1,,0.2\")"},
        WrongLine{{"sweep", "--learning-rate", "0.1,0.2", "--learning-rate", "0.1", "--out", "x"},
                  "--learning-rate: 0.1 stands there twice"},
        WrongLine{{"sweep", "--learning-rate", "0.001,1e-3", "--out", "x"},
                  "learning-rate 0.001 and learning-rate 1e-3 are the same setting\nhint: leave one of them out"},
        WrongLine{{"sweep", "--augment", "shift=2,rotate=1", "--augment", "shift=2,rotate=999", "--out", "x"},
                  "--augment: rotate: not a number between 0 and 180 (got \"999\")"},
        WrongLine{{"sweep", "--restore-best=true,maybe", "--out", "x"},
                  "--restore-best: not true or false (got \"maybe\")"},
        WrongLine{{"sweep", "--schedule", "one-cycle,cosine", "--warmup-epochs", "5", "--out", "x"},
                  "--warmup-epochs: the run has no epochs behind the warm-up (expected less than 5, got 5)\n"
                  "hint: it is the setting schedule one-cycle"},
        WrongLine{{"sweep", "--data", "nothere", "--seeds", "0-99", "--out", "x"},
                  "--data nothere: no known data set, and as a file or folder: no such file or directory (expected "
                  "mnist, fashion, or a file or folder of a data set)",
                  4},
        WrongLine{{"sweep", "--seeds", "3-1", "--out", "x"}, "--seeds: a range ends before it begins (got \"3-1\")"},
        WrongLine{{"sweep", "--seeds", "0-3,2", "--out", "x"}, "--seeds: 2 stands there twice (got \"0-3,2\")"},
        WrongLine{{"sweep", "--seeds", "1,x", "--out", "x"},
                  "--seeds: not numbers and ranges of them, as in 0-9,15 (got \"1,x\")"},
        WrongLine{{"sweep", "--seeds", "0-18446744073709551615", "--out", "x"},
                  "--seeds: more than 100,000 numbers (got \"0-18446744073709551615\")"},
        WrongLine{{"sweep", "--seeds", "0-99999", "--batch", "32,64", "--out", "x"},
                  "too many runs (expected at most 2,000 settings and 100,000 runs, got 200,000 runs)"},
        WrongLine{{"sweep", "--jobs", "0", "--out", "x"}, "--jobs: not a whole number between 1 and 1024 (got \"0\")"},
        WrongLine{{"sweep", "--seed", "1"}, "--seed: is no option of nib sweep\nhint: it is --seeds"},
        WrongLine{{"sweep", "--log-json=f", "--out", "x"},
                  "--log-json: is no option of nib sweep\nhint: a run's log is train.log in its folder"},
        WrongLine{{"sweep", "--resume", "x", "--epochs", "1"},
                  "--epochs: does not go with --resume\nhint: a sweep goes on with its own settings"},
        WrongLine{{"sweep", "--collect", "x", "--jobs", "2"}, "--jobs: does not go with --collect"},
        WrongLine{{"sweep", "--run", "1", "--out", "x"}, "--run: goes with --resume alone"},
        WrongLine{{"sweep", "--print-slurm", "--print-parallel", "--out", "x"},
                  "--print-slurm: does not go with --print-parallel"}));

INSTANTIATE_TEST_SUITE_P(
    Names, WrongCommandLine,
    testing::Values(
        WrongLine{{"trian"},
                  "nib has no command \"trian\" (expected train, evaluate, predict, draw, show, summary, report, "
                  "bench, compare, "
                  "convert, runs, reproduce, sweep, verify, data, doctor, version, help or completion)\n"
                  "hint: did you mean train?"},
        WrongLine{{"train", "--epoch", "3"}, "unknown option \"--epoch\" of nib train\nhint: it is --epochs"},
        WrongLine{{"train", "--epocsh", "3"}, "unknown option \"--epocsh\" of nib train\nhint: did you mean --epochs?"},
        WrongLine{{"train", "--lr", "0.1"}, "unknown option \"--lr\" of nib train\nhint: it is --learning-rate"},
        WrongLine{{"train", "--gpu"}, "unknown option \"--gpu\" of nib train\nhint: it is --device cuda"},
        WrongLine{{"train", "-epochs", "3"}, "unknown option \"-epochs\" of nib train\nhint: it is --epochs"},
        WrongLine{{"train", "-out", "x"}, "unknown option \"-out\" of nib train\nhint: it is --out"},
        WrongLine{{"train", "\u2013epochs", "3"}, "unknown option \"\u2013epochs\" of nib train\nhint: it is --epochs"},
        WrongLine{{"evaluate", "\u2014json", "w"}, "unknown option \"\u2014json\" of nib evaluate\nhint: it is --json"},
        WrongLine{{"evaluate", "--model", "w"},
                  "unknown option \"--model\" of nib evaluate\nhint: it is WEIGHTS, an argument without a name"},
        WrongLine{{"train", "fashion"}, "nib train takes no argument \"fashion\"\nhint: it is --data fashion"},
        WrongLine{{"data", "check"},
                  "nib data has no command \"check\" (expected list, verify, describe, convert or fetch)\nhint: it is "
                  "verify"},
        WrongLine{{"help", "data", "lst"},
                  "nib data has no command \"lst\" (expected list, verify, describe, convert or fetch)\nhint: did you "
                  "mean list?"},
        WrongLine{{"train", "--learning_rate=0.1"},
                  "unknown option \"--learning_rate\" of nib train\nhint: it is --learning-rate"},
        WrongLine{{"train", "--frobnicate"},
                  "unknown option \"--frobnicate\" of nib train\nhint: nib train --help lists the options"},
        WrongLine{{"train", "-x"}, "unknown option \"-x\" of nib train\nhint: nib train --help lists the options"},
        WrongLine{{"train", "--\xff"},
                  "unknown option \"--\\xff\" of nib train\nhint: nib train --help lists the options"},
        WrongLine{{"evaluate", "--digit", "3"},
                  "unknown option \"--digit\" of nib evaluate\nhint: did you mean --digits?"},
        WrongLine{{"--epochs", "3", "train"},
                  "--epochs: option in the wrong place\nhint: write it right behind the command: nib train --epochs"},
        WrongLine{{"train", "--", "--epochs", "3"},
                  "--epochs: option in the wrong place\nhint: write it right behind the command: nib train --epochs"},
        WrongLine{{"train", "extra"}, "nib train takes no argument \"extra\"\nhint: nib train --help shows the usage"},
        WrongLine{{"evaluate"}, "WEIGHTS: missing\nhint: see --help for the usage"},
        WrongLine{{"evaluate", ""}, "WEIGHTS: empty value (expected a weights file or the folder of a run)"},
        WrongLine{{"draw"}, "WEIGHTS: missing\nhint: see --help for the usage"},
        WrongLine{{"reproduce"}, "RUN: missing\nhint: see --help for the usage"},
        WrongLine{{"reproduce", "run", "--epochs", "2,,5"},
                  "--epochs: not epochs with commas between them, as in 2,5 (got \"2,,5\")"},
        WrongLine{{"reproduce", "run", "--epochs", "0"},
                  "--epochs: not epochs with commas between them, as in 2,5 (got \"0\")"},
        WrongLine{{"reproduce", "none"}, "none: cannot open: no such file or directory", 4},
        WrongLine{{"draw", "w", "--output", "page.html"}, "unknown option \"--output\" of nib draw\nhint: it is --out"},
        WrongLine{{"draw", "w", "-o", ""}, "--out: empty value (expected a file)"},
        WrongLine{{"data"}, "nib data needs a command (expected list, verify, describe, convert or fetch)"},
        WrongLine{
            {"data", "describe", "mnist", "--data", "fashion"},
            "DATA: given twice, as an argument and as --data (expected one data set, got \"mnist\" and \"fashion\")"},
        WrongLine{{"data", "fetch", "minst"},
                  "SET: no such data set (expected mnist or fashion; kmnist, emnist or qmnist with --print-urls, got "
                  "\"minst\")\nhint: did you mean mnist?"},
        WrongLine{{"data", "lst"},
                  "nib data has no command \"lst\" (expected list, verify, describe, convert or fetch)\nhint: did you "
                  "mean list?"}));

INSTANTIATE_TEST_SUITE_P(
    Paths, WrongCommandLine,
    testing::Values(
        WrongLine{{"train", "--out", "/dev/null/b"}, "--out: /dev/null/b: cannot make the folder: not a directory", 4},
        WrongLine{{"train", "--out", std::string(300, 'x')},
                  "--out: " + std::string(300, 'x') + ": cannot make the folder: file name too long",
                  4},
        WrongLine{{"train", "--out", "."},
                  "--out: .: the folder exists\n"
                  "hint: --force writes into it and replaces the results of an earlier run"},
        WrongLine{{"train", "--out", "/dev/null"}, "--out: /dev/null: exists and is not a folder"},
        WrongLine{{"train", "--weights", "none"}, "none: cannot open: no such file or directory", 4},
        WrongLine{{"train", "--weights", "/dev/zero"},
                  "/dev/zero: not a regular file (expected a regular file, got a device)",
                  3},
        WrongLine{{"evaluate", "none"}, "none: cannot open: no such file or directory", 4}));

TEST(CommandLine, WithoutArgumentsHelps) {
  const TemporaryFolder folder;
  const Ending ending = nib({}, folder.path());
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, StartsWith("Usage: nib COMMAND [OPTIONS]\n"));
  EXPECT_THAT(ending.errors, IsEmpty());
}

TEST(CommandLine, HelpOfACommandListsItsOptionsWithTheirRanges) {
  const TemporaryFolder folder;
  const Ending ending = nib({"train", "--help"}, folder.path());
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, HasSubstr("passes over the training images (between 1 and\n"));
  EXPECT_THAT(ending.output, HasSubstr("--validation-split"));
  EXPECT_EQ(nib({"help", "train"}, folder.path()).output, ending.output);
  EXPECT_EQ(nib({"help", "data", "verify"}, folder.path()).output, nib({"data", "verify", "-h"}, folder.path()).output);
  EXPECT_EQ(nib({"help"}, folder.path()).output, nib({}, folder.path()).output);
}

TEST(CommandLine, HelpIsGrouped) {
  const TemporaryFolder folder;
  const std::string help = nib({"train", "--help"}, folder.path()).output;
  std::size_t at = 0;
  for (const char* const part : {"\nData\n", "--data", "\nTraining\n", "--epochs", "\nBest epoch\n", "--monitor",
                                 "\nDevice\n", "--threads", "\nOutput\n", "--out", "--help", "\nExamples\n"}) {
    at = help.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << " is missing or too early in\n" << help;
  }
}

TEST(CommandLine, VersionIsTold) {
  const TemporaryFolder folder;
  const Ending ending = nib({"--version"}, folder.path());
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, StartsWith("nib 0."));
}

TEST(CommandLine, LeadingZerosAreDecimal) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--epochs", "010", "--out", "run"}), folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Epoch 10/10 - "));
}

TEST(CommandLine, ACudaDeviceAskedForByNameIsNotReplaced) {
  const SmallSetFolder folder;
  const Ending ending = nib({"train", "--data", "set", "--device", "cuda:0"}, folder.path());
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors, HasSubstr("--device cpu"));
  EXPECT_THAT(folder.names(), testing::ElementsAre("set"));
}

TEST(CommandLine, AnUnknownInstructionSetInTheEnvironmentIsRefused) {
  const SmallSetFolder folder;
  const Ending ending = Program(small_training()).in(folder.path()).with_environment("NIB_INSTRUCTIONS", "sse9").run();
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("NIB_INSTRUCTIONS"));
  EXPECT_THAT(folder.names(), testing::ElementsAre("set"));
}

}  // namespace
}  // namespace nib
