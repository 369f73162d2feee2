#include "ranks/ranks.h"

#include <gmock/gmock.h>

#include <map>

namespace nib {
namespace {

using testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

Environment environment(const Variables& variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  };
}

const Variables torchrun{{"WORLD_SIZE", "2"}, {"RANK", "0"}, {"MASTER_ADDR", "localhost"}};
const Variables openmpi{{"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_RANK", "0"}};

Error refusal(const Variables& variables, RanksMode mode = RanksMode::automatic) {
  try {
    Ranks(mode, environment(variables), {"/nowhere"});
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("it was not refused");
}

TEST(Ranks, AreOneWithoutALauncherOrWhereTheyAreOff) {
  Ranks alone(RanksMode::automatic, environment({}), {"/nowhere"});
  EXPECT_EQ(alone.size(), 1u);
  EXPECT_TRUE(alone.leads());
  EXPECT_EQ(alone.communicator(), nullptr);
  EXPECT_EQ(alone.from_leader("text"), "text");
  EXPECT_EQ(alone.end(7), 7);
  EXPECT_EQ(Ranks(RanksMode::off, environment(openmpi), {"/nowhere"}).size(), 1u);
}

TEST(Ranks, AreRefusedWhereTheLauncherBringsNoMpi) {
  const Error of_torchrun = refusal(torchrun);
  EXPECT_EQ(of_torchrun.code(), ExitCode::usage);
  EXPECT_STREQ(of_torchrun.what(), "ranks: torchrun started 2 processes, but brings no MPI for them to work together");
  EXPECT_THAT(of_torchrun.hint(), HasSubstr("mpirun -n 2"));
  EXPECT_THAT(refusal({{"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "0"}}).hint(), HasSubstr("srun --mpi=pmix"));
}

TEST(Ranks, AreRefusedByOneOfTheProcessesAlone) {
  Variables other = torchrun;
  other["RANK"] = "1";
  EXPECT_THROW(Ranks(RanksMode::automatic, environment(other), {"/nowhere"}), ToldElsewhere);
}

TEST(Ranks, NeedTheModuleOfTheirLauncher) {
  EXPECT_EQ(refusal(openmpi).code(), ExitCode::device);
  EXPECT_THAT(refusal(openmpi).what(), HasSubstr("without Open MPI"));
  EXPECT_THAT(refusal({{"PMI_SIZE", "2"}, {"PMI_RANK", "0"}}).what(), HasSubstr("without MPICH"));
  EXPECT_THAT(refusal({}, RanksMode::mpi).what(), HasSubstr("without any MPI"));
  Variables chosen = openmpi;
  chosen["NIB_MPI"] = "mpich";
  EXPECT_THAT(refusal(chosen).what(), HasSubstr("without MPICH"));
}

TEST(Ranks, RefuseVariablesThatMeanNothing) {
  Variables wrong = openmpi;
  wrong["NIB_MPI"] = "impi";
  EXPECT_STREQ(refusal(wrong).what(), "NIB_MPI: no MPI that nib knows (expected openmpi or mpich, got \"impi\")");
  wrong["NIB_MPI"] = "openmpi";
  wrong["NIB_RANK_TIMEOUT"] = "0";
  EXPECT_STREQ(refusal(wrong).what(),
               "NIB_RANK_TIMEOUT: not a whole number of seconds between 1 and 86400 (got \"0\")");
}

}  // namespace
}  // namespace nib
