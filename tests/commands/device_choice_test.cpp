// --device as a user meets it, on a machine whose NVIDIA GPU is a stand-in.

#include <dlfcn.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/cuda_stand_ins.h"
#include "commands/small_set.h"
#include "engines/module/driver.h"
#include "tests/places.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Environment = std::vector<std::pair<std::string, std::string>>;

struct Trouble {
  std::string name, driver;
  Environment environment;
  std::string message;  ///< of the one line, with {fakes} for the folder of the stand-ins
  std::string hint;     ///< a part of it
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

std::string with_folder(std::string text) {
  const std::string name = "{fakes}";
  for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), NIB_CUDA_FAKES);
  return text;
}

/// A training run on the small set, into the folder "run".
std::vector<std::string> training_on(const std::string& device, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = small_training({"--out", "run"});
  *(std::ranges::find(arguments, "--device") + 1) = device;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

class CudaTrouble : public testing::TestWithParam<Trouble> {
 protected:
  Ending train(const std::string& device) const {
    ProgramWithFakeGpu program(training_on(device), folder.path(), GetParam().driver);
    for (const auto& [name, value] : GetParam().environment) program.with_environment(name, value);
    return program.run();
  }
  const SmallSetFolder folder;
  const std::string message = with_folder(GetParam().message);
};

TEST_P(CudaTrouble, EndsADeviceAskedForByName) {
  const Ending ending = train("cuda");
  EXPECT_EQ(ending.code, 5);
  EXPECT_EQ(ending.errors.substr(0, ending.errors.find('\n')), "nib: error: " + message);
  EXPECT_THAT(ending.errors, HasSubstr("\nhint: "));
  EXPECT_THAT(ending.errors, HasSubstr(GetParam().hint));
  EXPECT_EQ(std::ranges::count(ending.errors, '\n'), 2);
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

TEST_P(CudaTrouble, MakesAutoTrainOnTheCpu) {
  const Ending ending = train("auto");
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\nrunning on the CPU: " + message.substr(message.find(": ") + 2) + "\n"));
  EXPECT_THAT(ending.output, HasSubstr("\nDevice: cpu, "));
  EXPECT_THAT(ending.errors, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, CudaTrouble,
    testing::Values(
        Trouble{"NoGpu", "init=100", {}, "CUDA: the NVIDIA driver finds no GPU", "nvidia-smi -L"},
        Trouble{"HiddenGpu",
                "init=100",
                {{"CUDA_VISIBLE_DEVICES", ""}},
                "CUDA: CUDA_VISIBLE_DEVICES=\"\" hides every GPU",
                "unset it"},
        Trouble{"MixedDriver",
                "init=803",
                {},
                "CUDA: the NVIDIA driver's library and its kernel module are of different versions",
                "restart"},
        Trouble{"BusyGpu",
                "mode=3 context=46",
                {},
                "CUDA: the GPU is busy, and its compute mode lets no other process in",
                "nvidia-smi"},
        Trouble{"NoLibraries",
                "",
                {{"NIB_CUDA_LIBRARIES", "/nowhere:/either"}},
                "CUDA: cuDNN (libcudnn.so.9) not found in /nowhere and /either (expected cuDNN 9 for CUDA 13)",
                "pip install nvidia-cudnn-cu13 "},
        Trouble{"UnfitCudnn",
                "",
                {{"FAKE_CUDNN", "91002"}, {"FAKE_CUDNN_CUDA", "12090"}},
                "CUDA: {fakes}/libraries/libcudnn.so.9 is no cuDNN that nib can use "
                "(expected cuDNN 9 for CUDA 13, got 9.10.2 for CUDA 12)",
                "pip install nvidia-cudnn-cu13 "},
        Trouble{
            "UnfitCublas",
            "",
            {{"FAKE_CUBLAS", "12"}},
            "CUDA: {fakes}/libraries/libcublas.so.13 is no cuBLAS that nib can use (expected cuBLAS 13, got 12.1.0)",
            "pip install 'nvidia-cublas==13.*'"},
        Trouble{"NoMemory",
                "",
                {{"FAKE_ENGINE", "fail at construction"}},
                "CUDA: out of GPU memory (expected 900 MiB, got 100 MiB free)",
                "a smaller --batch"}),
    [](const auto& parameter) { return parameter.param.name; });

TEST(DeviceChoice, NamesTheDevicesThatThereAre) {
  const SmallSetFolder folder;
  const Ending ending = ProgramWithFakeGpu(training_on("cuda:7"), folder.path(), "devices=2").run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_EQ(ending.errors,
            "nib: error: --device cuda:7: no such device (expected cuda:0 to cuda:1, got cuda:7)\n"
            "hint: nvidia-smi -L lists the GPUs\n");
}

TEST(DeviceChoice, RefusesAnIncompleteCudnn) {
  const SmallSetFolder folder;
  std::filesystem::copy_file(with_folder("{fakes}/libraries/libcudnn.so.9"), folder / "libcudnn.so.9");
  const Ending ending = ProgramWithFakeGpu(training_on("cuda"), folder.path())
                            .with_environment("NIB_CUDA_LIBRARIES", folder.path())
                            .run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_EQ(ending.errors,
            "nib: error: CUDA: " + (folder / "libcudnn_graph.so.9").string() +
                ", a part of cuDNN, is missing (expected cuDNN 9 for CUDA 13)\n"
                "hint: install cuDNN again (pip install --force-reinstall nvidia-cudnn-cu13) or, where the system "
                "lacks libz.so.1, zlib (package zlib1g or zlib); --device cpu needs neither\n");
}

TEST(DeviceChoice, NamesTheDriversFoundAndNeeded) {
  const SmallSetFolder folder;
  const std::string installed = cuda::installed_driver_version();
  const Ending ending = ProgramWithFakeGpu(training_on("cuda"), folder.path(), "version=12080").run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_EQ(ending.errors,
            "nib: error: CUDA: the NVIDIA driver is too old (expected driver 580.65.06 or later, for CUDA 13, got " +
                (installed.empty() ? "one" : "driver " + installed) +
                ", for CUDA 12.8)\nhint: install a newer NVIDIA driver; --device cpu needs none\n");
}

TEST(DeviceChoice, SaysThatThereIsNoDriver) {
  if (void* const driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL)) {
    dlclose(driver);
    GTEST_SKIP() << "this machine has an NVIDIA driver";
  }
  const SmallSetFolder folder;
  const Ending named = nib(training_on("cuda:0"), folder.path());
  EXPECT_EQ(named.code, 5);
  EXPECT_EQ(named.errors,
            "nib: error: CUDA: no NVIDIA driver found (expected driver 580.65.06 or later, for CUDA 13)\n"
            "hint: install NVIDIA's driver where there is an NVIDIA GPU; --device cpu needs neither\n");
  const Ending any = nib(training_on("auto"), folder.path());
  EXPECT_EQ(any.code, 0) << any.errors;
  EXPECT_THAT(any.output, HasSubstr("\nrunning on the CPU: no NVIDIA driver found "
                                    "(expected driver 580.65.06 or later, for CUDA 13)\n"));
}

TEST(DeviceChoice, TrainsBehindTheModulesBorder) {
  const SmallSetFolder folder;
  const Ending cuda = ProgramWithFakeGpu(training_on("cuda:1"), folder.path(), "devices=2").run();
  ASSERT_EQ(cuda.code, 0) << cuda.errors;
  EXPECT_THAT(cuda.output, HasSubstr("\nDevice: cuda:1 Fake GPU, cuDNN 91900, FP32 ("));
  EXPECT_THAT(cuda.output, Not(HasSubstr("running on the CPU")));
  const Ending cpu = nib(training_on("cpu", {"--force"}), folder.path());
  EXPECT_EQ(value_of(cuda.output, "weights sha256"), value_of(cpu.output, "weights sha256"));
  EXPECT_THAT(value_of(cpu.output, "weights sha256"), Not(IsEmpty()));
}

TEST(DeviceChoice, AutoTakesCudaForTrainAndBenchAndTheCpuForAFewImages) {
  const SmallSetFolder folder;
  const Ending train = ProgramWithFakeGpu(training_on("auto"), folder.path()).run();
  EXPECT_THAT(train.output, HasSubstr("\nDevice: cuda:0 Fake GPU"));
  const Ending bench =
      ProgramWithFakeGpu({"bench", "--data", "set", "--epochs", "1", "--batch", "50"}, folder.path()).run();
  EXPECT_THAT(bench.output, HasSubstr("\nDevice: cuda:0 Fake GPU"));
  const std::vector<std::string> evaluate{"evaluate", "run/model.safetensors", "--data", "set"};
  const Ending evaluated = ProgramWithFakeGpu(evaluate, folder.path()).run();
  EXPECT_THAT(evaluated.output, HasSubstr("\nrunning on the CPU: no more than 100,000 images "));
  EXPECT_THAT(evaluated.output, HasSubstr("\nDevice: cpu, "));
  std::vector<std::string> by_name = evaluate;
  by_name.insert(by_name.end(), {"--device", "cuda"});
  EXPECT_THAT(ProgramWithFakeGpu(by_name, folder.path()).run().output, HasSubstr("\nDevice: cuda:0 Fake GPU"));
}

const std::string unfit_first = "devices=2 capability0=60";
const std::string second_instead =
    "taking cuda:1 (Fake GPU 1) in place of cuda:0: this build has no kernels for cuda:0 (Fake GPU 0)";

TEST(DeviceChoice, IsTheFirstGpuThatIsFitWhereNoNumberIsGiven) {
  const SmallSetFolder folder;
  for (const char* const device : {"auto", "cuda", "gpu"}) {
    const Ending any = ProgramWithFakeGpu(training_on(device, {"--force"}), folder.path(), unfit_first).run();
    EXPECT_EQ(any.code, 0) << any.errors;
    EXPECT_THAT(any.output, HasSubstr("\n" + second_instead + "\n"));
    EXPECT_THAT(any.output, HasSubstr("\nDevice: cuda:1 Fake GPU"));
  }
  EXPECT_EQ(nlohmann::json::parse(contents(folder / "run/run.json"))["configuration"]["device"], "cuda") << "for gpu";
}

TEST(DeviceChoice, NamesTheFitGpuWhereAnUnfitOneIsNamed) {
  const SmallSetFolder folder;
  for (const char* const device : {"cuda:0", "gpu:0"}) {
    const Ending named = ProgramWithFakeGpu(training_on(device), folder.path(), unfit_first).run();
    EXPECT_EQ(named.code, 5);
    EXPECT_THAT(named.errors, HasSubstr("\nhint: --device cuda:1 takes the Fake GPU 1, which is fit\n"));
  }
}

TEST(DeviceChoice, TellsOfAGpuThatWasPassedOverWithWhatTheOtherLacks) {
  const SmallSetFolder folder;
  const Ending ending = ProgramWithFakeGpu(training_on("cuda"), folder.path(), unfit_first)
                            .with_environment("FAKE_ENGINE", "fail at construction")
                            .run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.errors, HasSubstr("\nhint: a smaller --batch needs less memory (" + second_instead + ")\n"));
}

TEST(DeviceChoice, IsTrainedOnInFp32WhereAVariableTurnsTf32Off) {
  const SmallSetFolder folder;
  const std::string told = "\ncomputing in FP32 instead of TF32: NVIDIA_TF32_OVERRIDE=0 turns TF32 off\n";
  const auto train = [&](const std::vector<std::string>& more, const std::string& override) {
    return ProgramWithFakeGpu(training_on("cuda", more), folder.path(), "capability=" + newest_capability())
        .with_environment("NVIDIA_TF32_OVERRIDE", override)
        .run()
        .output;
  };
  EXPECT_THAT(train({"--force"}, "0"), HasSubstr(told));
  const std::string asked_for = train({"--force", "--precision", "tf32"}, "0");
  EXPECT_THAT(asked_for, HasSubstr(told));
  EXPECT_THAT(asked_for, HasSubstr("\nDevice: cuda:0 Fake GPU, cuDNN 91900, FP32"));
  EXPECT_THAT(train({"--force", "--precision", "fp32"}, "0"), Not(HasSubstr("instead of TF32")));
  const std::string untouched = train({"--force", "--precision", "tf32"}, "1");
  EXPECT_THAT(untouched, Not(HasSubstr("instead of TF32")));
  EXPECT_THAT(untouched, HasSubstr("\nDevice: cuda:0 Fake GPU, cuDNN 91900, TF32"));
}

TEST(DeviceChoice, IsMeasuredInThePrecisionThatItHasWhateverElseIsTold) {
  const SmallSetFolder folder;
  const std::vector<std::string> bench = {"bench", "--data", "set", "--epochs", "1", "--device", "cuda", "--json"};
  const auto precision = [&](const std::string& wanted) {
    std::vector<std::string> arguments = bench;
    arguments.insert(arguments.end(), {"--precision", wanted});
    const Ending ending = ProgramWithFakeGpu(arguments, folder.path(), "capability=" + newest_capability())
                              .with_environment("FAKE_ENGINE", "unusual")
                              .run();
    EXPECT_THAT(ending.output, HasSubstr("algorithm 0, FMA math")) << ending.errors;
    return nlohmann::json::parse(ending.output)["precision"].get<std::string>();
  };
  EXPECT_EQ(precision("tf32"), "tf32");
  EXPECT_EQ(precision("fp32"), "fp32");
}

TEST(DeviceChoice, BeginsToStartTheGpuBeforeTheEngineIsMade) {
  const SmallSetFolder folder;
  const Ending ending =
      ProgramWithFakeGpu(training_on("auto"), folder.path()).with_environment("FAKE_DRIVER_LOG", folder / "log").run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(contents(folder / "log"), "+0\n+0\n") << "one beside the data, one for the engine";
}

TEST(DeviceChoice, AutoTestsOnTheCpuWithoutAWordWhereThereIsNoDriver) {
  if (cuda::driver_is_installed()) GTEST_SKIP() << "this machine has an NVIDIA driver";
  const SmallSetFolder folder;
  ASSERT_EQ(nib(training_on("cpu"), folder.path()).code, 0);
  const std::vector<std::string> evaluate{"evaluate", "run/model.safetensors", "--data", "set"};
  EXPECT_THAT(nib(evaluate, folder.path()).output, Not(HasSubstr("running on the CPU")));
  std::vector<std::string> on_a_gpu = evaluate;
  on_a_gpu.insert(on_a_gpu.end(), {"--precision", "tf32"});
  EXPECT_THAT(nib(on_a_gpu, folder.path()).output,
              HasSubstr("\nrunning on the CPU in FP32 instead of TF32: no NVIDIA driver found"));
}

TEST(DeviceChoice, AutoSaysThatThePrecisionAskedForFellAwayWithTheGpu) {
  const SmallSetFolder folder;
  const Ending ending =
      ProgramWithFakeGpu(training_on("auto", {"--precision", "tf32"}), folder.path(), "init=100").run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output,
              HasSubstr("\nrunning on the CPU in FP32 instead of TF32: the NVIDIA driver finds no GPU\n"));
}

TEST(DeviceChoice, AutoPassesOnWhatNoDeviceCouldDo) {
  const SmallSetFolder folder;
  const Ending ending = ProgramWithFakeGpu(training_on("auto"), folder.path())
                            .with_environment("FAKE_ENGINE", "refuse the network")
                            .run();
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors, "nib: error: network: too large\nhint: take a smaller one\n");
}

TEST(DeviceChoice, TheCpuNeverAsksTheDriver) {
  const SmallSetFolder folder;
  make_file(folder / "libcuda.so.1", "a driver that would not load");
  const Ending ending =
      ProgramWithFakeGpu(training_on("cpu"), folder.path()).with_environment("LD_LIBRARY_PATH", folder.path()).run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, Not(HasSubstr("running on the CPU")));
}

TEST(DeviceChoice, WarnsOfOptionsThatTheCpuDoesNotHave) {
  const SmallSetFolder folder;
  const Ending ending = nib(training_on("cpu", {"--stream", "--fast", "--kernels", "library"}), folder.path());
  EXPECT_EQ(ending.code, 0);
  EXPECT_EQ(ending.errors,
            "nib: warning: --stream is for CUDA devices: the CPU engine reads the images where they are\n"
            "nib: warning: --fast is for CUDA devices: the CPU engine has exact algorithms only\n"
            "nib: warning: --kernels is for CUDA devices: the CPU engine runs nib's own code alone\n");
}

TEST(DeviceChoice, LeavesAllToTheLibrariesWhereAskedAndSoDoesTheRunThatGoesOn) {
  const SmallSetFolder folder;
  const std::string told = "\nDevice: cuda:0 Fake GPU, cuDNN 91900, FP32, no own kernels";
  const std::vector<std::string> arguments = training_on("cuda", {"--kernels", "library", "--precision", "fp32"});
  const Ending first = ProgramWithFakeGpu(arguments, folder.path()).run();
  EXPECT_THAT(first.output, HasSubstr(told)) << first.errors;
  EXPECT_THAT(nlohmann::json::parse(contents(folder / "run/run.json"))["command"].get<std::string>(),
              HasSubstr(" --kernels library"));
  const Ending next = ProgramWithFakeGpu({"train", "--resume", "run", "--epochs", "3"}, folder.path()).run();
  EXPECT_THAT(next.output, HasSubstr(told)) << next.errors;
}

TEST(DeviceChoice, ADeviceThatFailsInTheRunEndsItWithTheDevicesExitCode) {
  const SmallSetFolder folder;
  const Ending ending =
      ProgramWithFakeGpu(training_on("auto"), folder.path()).with_environment("FAKE_ENGINE", "fail in training").run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_EQ(ending.errors,
            "nib: error: CUDA: out of GPU memory (expected 900 MiB, got 100 MiB free)\n"
            "hint: a smaller --batch needs less memory\n");
  EXPECT_EQ(nlohmann::json::parse(contents(folder / "run/run.json"))["status"], "failed");
}

TEST(DeviceChoice, AnExceptionInTheModuleDoesNotCrossItsBorder) {
  const SmallSetFolder folder;
  const Ending ending = ProgramWithFakeGpu(training_on("cuda"), folder.path())
                            .with_environment("FAKE_ENGINE", "throw another thing")
                            .run();
  EXPECT_EQ(ending.code, 1);
  EXPECT_EQ(ending.errors, "nib: error: index 7\n");
}

}  // namespace
}  // namespace nib
