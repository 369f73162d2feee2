#include "ranks/launch.h"

#include <gmock/gmock.h>

#include <map>
#include <ostream>
#include <vector>

namespace nib {

using Variables = std::map<std::string, std::string>;

std::ostream& operator<<(std::ostream& out, const Launch& launch) {
  return out << static_cast<int>(launch.kind) << ' ' << launch.library << ' ' << launch.variable << ' ' << launch.rank
             << " of " << launch.size;
}

namespace {

using testing::AllOf;
using testing::Field;
using Kind = Launch::Kind;

auto is_launch(Kind kind, const std::string& library, unsigned rank, unsigned size) {
  return AllOf(Field(&Launch::kind, kind), Field(&Launch::library, library), Field(&Launch::rank, rank),
               Field(&Launch::size, size));
}

Environment environment(const Variables& variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  };
}

Launch launch_by(const Variables& variables) { return find_launch(environment(variables)); }

TEST(FindLaunch, KnowsTheLaunchersOfBothLibraries) {
  EXPECT_THAT(launch_by({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}, {"PMIX_RANK", "3"}}),
              is_launch(Kind::mpi, "openmpi", 3, 4));
  EXPECT_THAT(launch_by({{"PMI_SIZE", "2"}, {"PMI_RANK", "0"}}), is_launch(Kind::mpi, "mpich", 0, 2));
}

TEST(FindLaunch, TakesSrunByWhatItBringsForMpi) {
  const Variables step{{"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "5"}};
  EXPECT_THAT(launch_by(step), is_launch(Kind::plain, "", 5, 8));
  Variables with_pmix = step, with_pmi2 = step;
  with_pmix["PMIX_RANK"] = "5";
  with_pmi2.insert({{"PMI_SIZE", "8"}, {"PMI_RANK", "5"}});
  EXPECT_THAT(launch_by(with_pmix), is_launch(Kind::mpi, "openmpi", 5, 8));
  EXPECT_THAT(launch_by(with_pmi2), is_launch(Kind::mpi, "mpich", 5, 8));
  EXPECT_EQ(launch_by({{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}).kind, Kind::alone) << "the batch script itself";
}

TEST(FindLaunch, TakesPmixWithoutAnythingElseForOpenMpi) {
  EXPECT_THAT(launch_by({{"PMIX_RANK", "1"}}), is_launch(Kind::mpi, "openmpi", 1, 0));
}

TEST(FindLaunch, TakesMpirunWithinAJobOfSlurm) {
  EXPECT_THAT(launch_by({{"SLURM_STEP_NUM_TASKS", "2"},
                         {"SLURM_PROCID", "1"},
                         {"OMPI_COMM_WORLD_SIZE", "6"},
                         {"OMPI_COMM_WORLD_RANK", "4"}}),
              is_launch(Kind::mpi, "openmpi", 4, 6));
}

TEST(FindLaunch, KnowsTorchrun) {
  const Variables torchrun{{"WORLD_SIZE", "2"}, {"RANK", "1"}, {"MASTER_ADDR", "localhost"}};
  EXPECT_THAT(launch_by(torchrun), is_launch(Kind::torchrun, "", 1, 2));
  EXPECT_EQ(launch_by({{"WORLD_SIZE", "2"}, {"RANK", "1"}}).kind, Kind::alone) << "may be anybody's variables";
}

TEST(FindLaunch, TakesOneProcessForNone) {
  for (const Variables& variables :
       {Variables{}, Variables{{"OMPI_COMM_WORLD_SIZE", "1"}, {"OMPI_COMM_WORLD_RANK", "0"}},
        Variables{{"WORLD_SIZE", "1"}, {"RANK", "0"}, {"MASTER_ADDR", "localhost"}},
        Variables{{"OMPI_COMM_WORLD_SIZE", "many"}, {"OMPI_COMM_WORLD_RANK", "0"}}})
    EXPECT_EQ(launch_by(variables).kind, Kind::alone);
}

unsigned on_host(const Variables& variables) { return launched_on_this_host(environment(variables)); }

TEST(LaunchedOnThisHost, IsWhatTheLauncherSays) {
  EXPECT_EQ(on_host({{"OMPI_COMM_WORLD_LOCAL_SIZE", "3"}, {"SLURM_STEP_TASKS_PER_NODE", "8"}}), 3U);
  EXPECT_EQ(on_host({{"MPI_LOCALNRANKS", "2"}}), 2U);
  EXPECT_EQ(on_host({}), 1U);
}

TEST(LaunchedOnThisHost, IsTheNodesOwnInSlurmsList) {
  const std::map<std::string, std::vector<unsigned>> lists{{"4", {4, 1}},
                                                           {"3,1", {3, 1, 1}},
                                                           {"2(x3),1", {2, 2, 2, 1, 1}},
                                                           {"5,4(x2)", {5, 4, 4, 1}},
                                                           {"", {1}},
                                                           {"2(x", {1}},
                                                           {"2(x3", {1}},
                                                           {"many", {1}},
                                                           {"(x2)", {1}},
                                                           {"0", {1}},
                                                           {",,", {1, 1, 1}}};
  for (const auto& [list, numbers] : lists)
    for (std::size_t node = 0; node < numbers.size(); ++node)
      EXPECT_EQ(on_host({{"SLURM_NODEID", std::to_string(node)}, {"SLURM_STEP_TASKS_PER_NODE", list}}), numbers[node])
          << list << ", node " << node;
}

}  // namespace
}  // namespace nib
