// Ranks on two machines, which here are two network namespaces with a cable between them. That takes root's rights.

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands/launched.h"

namespace nib {
namespace {

using testing::ElementsAre;

const std::string addresses[] = {"10.77.0.1", "10.77.0.2"};

bool succeeds(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// Two namespaces, their names those of this process: no other test has them.
class TwoHosts : public UnderMpi {
 protected:
  void SetUp() override {
    UnderMpi::SetUp();
    if (IsSkipped()) return;
    if (!succeeds("ip netns add " + host(0)) || !succeeds("ip netns add " + host(1)) || !connect())
      GTEST_SKIP() << "no network namespaces here: ip netns add takes root's rights, and iproute2";
    succeeds(/* where the kernel has that */ "ip netns exec " + host(0) +
             " tc qdisc add dev cable0 root netem delay 2ms");
    make_file(folder / "agent",
              "#!/bin/sh\nwhile [ \"${1#-}\" != \"$1\" ]; do shift; done\ncase $1 in " + addresses[0] +
                  ") host=" + host(0) + " ;; *) host=" + host(1) +
                  " ;; esac\nshift\nexec ip netns exec $host unshare --uts sh -c \"hostname $host; $*\"\n");
    std::filesystem::permissions(folder / "agent", std::filesystem::perms::owner_all);
  }

  void TearDown() override {
    for (const int number : {0, 1}) {
      succeeds("ip netns pids " + host(number) + " | xargs -r kill -9");
      succeeds("ip netns del " + host(number));
    }
  }

  static std::string host(int number) { return "nib" + std::to_string(getpid()) + "-" + std::to_string(number); }

  static bool connect() {
    if (!succeeds("ip link add cable0 netns " + host(0) + " type veth peer name cable1 netns " + host(1))) return false;
    for (const int number : {0, 1}) {
      const std::string in = "ip netns exec " + host(number) + " ip ", end = "cable" + std::to_string(number);
      if (!succeeds(in + "addr add " + addresses[number] + "/24 dev " + end + " && " + in + "link set lo up && " + in +
                    "link set " + end + " up"))
        return false;
    }
    return is_up(0) && is_up(1);
  }

  /// The kernel takes up to a second to say so, and a library that asks before does without.
  static bool is_up(int number) {
    const std::string end = "cable" + std::to_string(number);
    for (int waits = 0; waits < 300; ++waits) {
      if (succeeds("ip netns exec " + host(number) + " ip link show " + end + " | grep -q \"state UP\"")) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  void cut() const { ASSERT_TRUE(succeeds("ip netns exec " + host(0) + " ip link set cable0 down")); }

  /// A rank on each host; they find each other over the cable alone, though they share a machine.
  std::unique_ptr<Program> on_both(const std::vector<std::string>& arguments) const {
    const std::string both = addresses[0] + "," + addresses[1], agent = (folder / "agent").string();
    const std::string options =
        GetParam() == "openmpi"
            ? "--mca plm_rsh_agent " + agent + " --host " + both +
                  " --mca btl self,tcp --mca oob_tcp_if_include 10.77.0.0/24 --mca btl_tcp_if_include 10.77.0.0/24"
            : "-launcher ssh -launcher-exec " + agent + " -hosts " + both;
    return launched(2, "export NIB_RANK_TIMEOUT=2 UCX_TLS=tcp,self MPIR_CVAR_NOLOCAL=1;", arguments,
                    {.options = options, .host = host(0)});
  }

  bool has_ended(unsigned rank) const { return kill(process_of(rank), 0) != 0 || is_zombie(process_of(rank)); }
  static bool is_zombie(pid_t process) {
    return contents("/proc/" + std::to_string(process) + "/stat").find(") Z ") != std::string::npos;
  }
};

TEST_P(TwoHosts, TrainToTheWeightsOfOneProcessSlow) {
  ASSERT_EQ(nib(small_training({"--out", "alone"}), folder.path()).code, 0);
  const Ending ending = on_both(small_training({"--out", "run"}))->run();
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(hash_of("run"), hash_of("alone"));
}

TEST_P(TwoHosts, EndWhereTheCableIsCutSlow) {
  const auto program = on_both(small_training({"--epochs", "100000", "--out", "run"}));
  program->start();
  ASSERT_TRUE(program->wait_for_output("Epoch 2/100000 - ")) << program->errors_so_far();
  cut();
  // mpirun itself may wait for ever for the host that it does not reach: only the ranks are waited for.
  for (const unsigned rank : {0u, 1u})
    while (!has_ended(rank)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_THAT(lines_of_nib({.output = {}, .errors = program->errors_so_far()}),
              ElementsAre("nib: error: no answer from rank 1 within 2 s"));
  EXPECT_EQ(status_of("run"), "failed");
}

INSTANTIATE_TEST_SUITE_P(Mpi, TwoHosts, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
