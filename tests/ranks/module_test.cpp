#include "ranks/module.h"

#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "nib/error.h"

namespace nib::ranks {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Error error_of(const std::filesystem::path& folder, const std::string& library) {
  try {
    load_module({"/nowhere", folder}, library);
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("a module was loaded");
}

TEST(LoadModule, SaysForWhichMpiNibWasNotBuilt) {
  const TemporaryFolder folder;
  const Error error = error_of(folder.path(), "mpich");
  EXPECT_EQ(error.code(), ExitCode::device);
  EXPECT_EQ(std::string(error.what()),
            "MPI: nib was built without MPICH: there is no libnib_mpi-mpich.so in /nowhere "
            "and " +
                folder.path().string());
  EXPECT_THAT(error.hint(), HasSubstr("tools/install_packages mpi"));
  EXPECT_THAT(error_of(folder.path(), "").what(), StartsWith("MPI: nib was built without any MPI"));
}

TEST(LoadModule, RefusesWhatIsNoModule) {
  const TemporaryFolder folder;
  make_file(folder / "libnib_mpi-openmpi.so", "text");
  EXPECT_THAT(error_of(folder.path(), "openmpi").what(), HasSubstr("libnib_mpi-openmpi.so cannot be loaded"));
}

}  // namespace
}  // namespace nib::ranks
