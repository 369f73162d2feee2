#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/cuda_stand_ins.h"
#include "engines/module/driver.h"
#include "engines/module/fakes.h"
#include "images/decoding/heif.h"
#include "images/decoding/webp.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string fakes = NIB_CUDA_FAKES;

TEST(Doctor, FindsNothingToFixWhereAllIsWell) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor"}, folder.path(), "devices=2").run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.errors, IsEmpty());
  EXPECT_THAT(
      ending.output,
      AllOf(HasSubstr("ok   program        nib 0."),
            ContainsRegex("ok   processor      .* usable core.* instructions\n"),
            ContainsRegex("ok   MNIST          .*: 4 files whole, sha256 ba891046 65a50cbb 0fa7898d ff7bcfd4\n"),
            HasSubstr("ok   disk           "), ContainsRegex("ok   NVIDIA driver  .*CUDA 13.1\n"),
            HasSubstr("ok   cuda:0         Fake GPU 0, compute capability "),
            HasSubstr("ok   cuda:1         Fake GPU 1, compute capability "),
            HasSubstr("ok   cuDNN          9.19.0 for CUDA 13, " + fakes + "/libraries/libcudnn.so.9\n"),
            HasSubstr("ok   cuBLAS         13.1.0, " + fakes + "/libraries/libcublas.so.13\n")));
  EXPECT_THAT(ending.output, HasSubstr("ok   CUDA module    " + fakes + "/lib/nib/libnib_cuda.so, build " +
                                       cuda::requirements().build_id + "\n"));
  EXPECT_THAT(ending.output, EndsWith("ok   CUDA engine    cuda:0 Fake GPU, cuDNN 91900, FP32\n"
                                      "nib train works here, on cuda:0 Fake GPU, cuDNN 91900, FP32.\n"));
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(Doctor, TellsWhatDecodesPicturesOfPhones) {
  const TemporaryFolder folder;
  const std::string output = ProgramWithFakeGpu({"doctor"}, folder.path(), "").run().output;
  EXPECT_THAT(output, fix_of_heif_library().empty()
                          ? HasSubstr("ok   HEIC           " + heif_library() + ", for pictures\n")
                          : HasSubstr("\n                    " + fix_of_heif_library() + "\n"));
  EXPECT_THAT(output,
              webp_library().empty()
                  ? HasSubstr("fix  WebP           not built in: WebP pictures are not read\n                   "
                              " install libwebp-dev and build nib again\n")
                  : HasSubstr("ok   WebP           " + webp_library() + ", for pictures\n"));
}

TEST(Doctor, NamesTheFixOfEachThingAndStillSaysThatTheCpuWorks) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor"}, folder.path(), "init=803")
                            .with_environment("NIB_CUDA_LIBRARIES", "/nowhere")
                            .run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("fix  NVIDIA driver  the NVIDIA driver's library and its kernel module are of different "
                              "versions\n                    restart the machine"),
                    HasSubstr("fix  cuDNN          cuDNN (libcudnn.so.9) not found in /nowhere (expected cuDNN 9 for "
                              "CUDA 13)\n                    pip install nvidia-cudnn-cu13"),
                    HasSubstr("fix  cuBLAS         cuBLAS (libcublas.so.13) not found in /nowhere"),
                    HasSubstr("fix  CUDA module    " + fakes +
                              "/lib/nib/libnib_cuda.so, not loaded without its libraries\n"
                              "                    see cuDNN and cuBLAS above\n"),
                    EndsWith("nib train works here, on the CPU.\n")));
}

TEST(Doctor, ExaminesEveryDevice) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor"}, folder.path(), "devices=2 context=46").run();
  EXPECT_EQ(ending.code, 0);
  for (const std::string device : {"cuda:0", "cuda:1"})
    EXPECT_THAT(ending.output, HasSubstr("fix  " + device + "         the GPU is busy"));
  EXPECT_THAT(ending.output, EndsWith("nib train works here, on the CPU.\n"));
}

/// libcudnn.so.9 without its parts would end the process when it is called.
TEST(Doctor, TellsOfAnIncompleteCudnnAndGoesOn) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(fakes + "/libraries/libcudnn.so.9", folder / "libcudnn.so.9");
  std::filesystem::copy_file(fakes + "/libraries/libcublas.so.13", folder / "libcublas.so.13");
  const Ending ending =
      ProgramWithFakeGpu({"doctor"}, folder.path()).with_environment("NIB_CUDA_LIBRARIES", folder.path()).run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("fix  cuDNN          " + (folder / "libcudnn_graph.so.9").string() +
                              ", a part of cuDNN, is missing (expected cuDNN 9 for CUDA 13)\n"
                              "                    install cuDNN again "),
                    HasSubstr("ok   cuBLAS         13.1.0, "), EndsWith("nib train works here, on the CPU.\n")));
}

TEST(Doctor, MissesTheDriverWhereOneOfCudnnsPartsNeedsIt) {
  if (cuda::driver_is_installed()) GTEST_SKIP() << "this machine has an NVIDIA driver";
  const TemporaryFolder folder;
  cuda::copy_newer_libraries(folder.path());
  const Ending with =
      ProgramWithFakeGpu({"doctor"}, folder.path()).with_environment("NIB_CUDA_LIBRARIES", folder.path()).run();
  EXPECT_THAT(with.output, HasSubstr("ok   cuDNN          9.19.0 for CUDA 13"));
  const Ending without = Program({"doctor"})
                             .in(folder.path())
                             .with_environment("NIB_DATA", NIB_DATA_SOURCE)
                             .with_environment("NIB_CUDA_LIBRARIES", folder.path())
                             .run();
  EXPECT_EQ(without.code, 0);
  EXPECT_THAT(without.output, HasSubstr("fix  NVIDIA driver  no NVIDIA driver found"));
  EXPECT_THAT(without.output,
              HasSubstr("fix  cuDNN          " + (folder / "libcudnn_engines_runtime_compiled.so.9").string() +
                        ", a part of cuDNN, cannot be loaded: libcuda.so.1: cannot open shared object file: No such "
                        "file or directory\n                    libcuda.so.1 comes with NVIDIA's driver: install that "
                        "where there is an NVIDIA GPU; --device cpu needs neither\n"));
}

TEST(Doctor, MakesItsEngineOnTheFirstDeviceThatCanBeUsed) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor"}, folder.path(), "devices=4 capability0=60 context1=46")
                            .with_environment("FAKE_DRIVER_LOG", folder / "log")
                            .run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, HasSubstr("\n                    --device cuda:1 takes the Fake GPU 1, which is fit\n"));
  EXPECT_THAT(ending.output, EndsWith("nib train works here, on cuda:2 Fake GPU, cuDNN 91900, FP32.\n"));
  EXPECT_EQ(contents(folder / "log"), "+2\n+3\n-3\n+2\n");
}

TEST(Doctor, TellsOfAVariableThatTurnsTf32Off) {
  const TemporaryFolder folder;
  const auto doctor = [&](const std::string& driver, const std::string& override) {
    return ProgramWithFakeGpu({"doctor"}, folder.path(), driver)
        .with_environment("NVIDIA_TF32_OVERRIDE", override)
        .run()
        .output;
  };
  const std::string newest = "capability=" + newest_capability();
  EXPECT_THAT(doctor(newest, "0"), HasSubstr("fix  TF32           NVIDIA_TF32_OVERRIDE=0 turns TF32 off, so that GPUs "
                                             "compute in FP32\n                    unset the variable"));
  for (const auto& [driver, override] : {std::pair<std::string, std::string>{newest, "1"}, {"init=100", "0"}})
    EXPECT_THAT(doctor(driver, override), Not(HasSubstr("TF32 off")));
}

TEST(Doctor, KeepsOnlyTheContextThatTheEngineUses) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor"}, folder.path(), "devices=3")
                            .with_environment("FAKE_DRIVER_LOG", folder / "log")
                            .run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_EQ(contents(folder / "log"), "+0\n+1\n-1\n+2\n-2\n+0\n") << "the last one is the engine's own";
}

TEST(Doctor, TellsWhyAnEngineCannotBeMadeOfPartsThatAreAllRight) {
  const TemporaryFolder folder;
  const Ending ending =
      ProgramWithFakeGpu({"doctor"}, folder.path()).with_environment("FAKE_ENGINE", "fail at construction").run();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, HasSubstr("fix  CUDA engine    out of GPU memory (expected 900 MiB, got 100 MiB free)\n"
                                       "                    a smaller --batch needs less memory\n"));
}

TEST(Doctor, EndsWithAnErrorWhereTrainingDoesNotWorkAtAll) {
  const TemporaryFolder folder;
  make_file(folder / "train-images-idx3-ubyte", "damaged");
  const Ending damaged = Program({"doctor"}).in(folder.path()).with_environment("NIB_DATA", folder.path()).run();
  EXPECT_EQ(damaged.code, 3);
  EXPECT_THAT(damaged.output, HasSubstr("fix  MNIST          " + folder.path().string() + ": "));
  EXPECT_THAT(damaged.output, HasSubstr("nib data verify --data mnist tells what is wrong"));
  EXPECT_THAT(damaged.errors, HasSubstr("nib: error: MNIST: "));
  const Ending unknown = Program({"doctor"}).in(folder.path()).with_environment("NIB_INSTRUCTIONS", "sse9").run();
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.output, HasSubstr("fix  processor      no such instruction set"));
}

TEST(Doctor, WithJsonPrintsOneDocument) {
  const TemporaryFolder folder;
  const Ending ending = ProgramWithFakeGpu({"doctor", "--json"}, folder.path()).run();
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["training_works"], true);
  EXPECT_EQ(document["cuda_engine"], "cuda:0 Fake GPU, cuDNN 91900, FP32");
  for (const json& check : document["checks"]) {
    EXPECT_FALSE(check["subject"].get<std::string>().empty());
    EXPECT_FALSE(check["finding"].get<std::string>().empty());
    EXPECT_EQ(check["ok"].get<bool>(), check["fix"].is_null()) << check;
  }
  const auto cudnn =
      std::ranges::find_if(document["checks"], [](const json& check) { return check["subject"] == "cuDNN"; });
  ASSERT_NE(cudnn, document["checks"].end());
  EXPECT_EQ((*cudnn)["details"]["path"], fakes + "/libraries/libcudnn.so.9");
}

}  // namespace
}  // namespace nib
