// Ranks on two machines, which here are two network namespaces with a cable between them. That takes root's rights.

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/file_descriptor.h"
#include "commands/cable.h"
#include "commands/launched.h"

namespace nib {
namespace {

using std::chrono::milliseconds;
using testing::AnyOf;
using testing::ElementsAre;

const std::string addresses[] = {"10.77.0.1", "10.77.0.2"};
constexpr milliseconds delay(2);  // of each packet

bool succeeds(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// Two namespaces, their names those of this process: no other test has them.
class Hosts {
 public:
  /// Throws std::runtime_error with the reason where that is not allowed.
  Hosts() {
    for (const Namespace& host : namespaces_)
      if (!host.is_made) throw std::runtime_error("no network namespaces here: ip netns add takes root's rights");
    cable_.emplace(std::array{Cable::End{name(0), addresses[0] + "/24"}, Cable::End{name(1), addresses[1] + "/24"}},
                   delay);
  }

  Cable& cable() { return *cable_; }
  const std::string& name(int number) const { return namespaces_[number].name; }

  /// A socket for TCP on one of them.
  FileDescriptor socket_on(int number) const {
    FileDescriptor made;
    std::jthread maker([&] {  // it stays there
      const FileDescriptor there(open(("/run/netns/" + name(number)).c_str(), O_RDONLY | O_CLOEXEC));
      if (setns(there.number(), CLONE_NEWNET) == 0)
        made = FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    });
    maker.join();
    return made;
  }

 private:
  struct Namespace {
    explicit Namespace(int number)
        : name("nib" + std::to_string(getpid()) + "-" + std::to_string(number)),
          is_made(succeeds("ip netns add " + name)) {}
    ~Namespace() {
      if (is_made) succeeds("ip netns pids " + name + " | xargs -r kill -9; ip netns del " + name);
    }
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;
    const std::string name;
    const bool is_made;
  };
  const Namespace namespaces_[2]{Namespace(0), Namespace(1)};
  std::optional<Cable> cable_;
};

TEST(TwoHostsCable, TakesItsTimeEachWayAndLosesAllOnceItIsCut) {
  std::optional<Hosts> hosts;
  try {
    hosts.emplace();
  } catch (const std::runtime_error& reason) {
    GTEST_SKIP() << reason.what();
  }
  const FileDescriptor listening = hosts->socket_on(1), calling = hosts->socket_on(0), late = hosts->socket_on(0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(5000), .sin_addr = {}, .sin_zero = {}};
  ASSERT_EQ(inet_pton(AF_INET, addresses[1].c_str(), &address.sin_addr), 1);
  const auto* const place = reinterpret_cast<const sockaddr*>(&address);
  ASSERT_EQ(bind(listening.number(), place, sizeof address), 0);
  ASSERT_EQ(listen(listening.number(), 1), 0);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(connect(calling.number(), place, sizeof address), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 2 * delay);
  hosts->cable().cut();
  const timeval patience{.tv_sec = 0, .tv_usec = 200'000};
  ASSERT_EQ(setsockopt(late.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
  EXPECT_NE(connect(late.number(), place, sizeof address), 0);
}

class TwoHosts : public UnderMpi {
 protected:
  void SetUp() override {
    UnderMpi::SetUp();
    if (IsSkipped()) return;
    try {
      hosts.emplace();
    } catch (const std::runtime_error& reason) {
      GTEST_SKIP() << reason.what();
    }
    make_file(folder / "agent",
              "#!/bin/sh\nwhile [ \"${1#-}\" != \"$1\" ]; do shift; done\ncase $1 in " + addresses[0] +
                  ") host=" + hosts->name(0) + " ;; *) host=" + hosts->name(1) +
                  " ;; esac\nshift\nexec ip netns exec $host unshare --uts sh -c \"hostname $host; $*\"\n");
    std::filesystem::permissions(folder / "agent", std::filesystem::perms::owner_all);
  }

  /// A rank on each host; they find each other over the cable alone, though they share a machine.
  /// What rank 1 tells goes to a file, as it would not come through a cut.
  std::unique_ptr<Program> on_both(const std::string& variables, const std::vector<std::string>& arguments) const {
    const std::string both = addresses[0] + "," + addresses[1], agent = (folder / "agent").string();
    const std::string options =
        GetParam() == "openmpi"
            ? "--mca plm_rsh_agent " + agent + " --host " + both +
                  " --mca btl self,tcp --mca oob_tcp_if_include 10.77.0.0/24 --mca btl_tcp_if_include 10.77.0.0/24"
            : "-launcher ssh -launcher-exec " + agent + " -hosts " + both;
    return launched(2,
                    "test $RANK = 0 || exec 2>errors; export UCX_TLS=tcp,self MPIR_CVAR_NOLOCAL=1 " + variables + ";",
                    arguments, {.options = options, .host = hosts->name(0)});
  }

  /// mpirun may pass them on a little later than the rank ends.
  static std::vector<std::string> lines_of_rank_0(const Program& program) {
    std::vector<std::string> lines;
    for (int waits = 0; waits < 500 && lines.empty(); ++waits) {
      std::this_thread::sleep_for(milliseconds(20));
      lines = lines_of_nib({.output = {}, .errors = program.errors_so_far()});
    }
    return lines;
  }
  std::vector<std::string> lines_of_rank_1() const {
    return lines_of_nib({.output = {}, .errors = contents(folder / "errors")});
  }

  /// mpirun itself may wait for ever for the host that it does not reach.
  void wait_for_ranks() const {
    for (const unsigned rank : {0u, 1u})
      while (!has_ended(rank)) std::this_thread::sleep_for(milliseconds(20));
  }
  bool has_ended(unsigned rank) const { return kill(process_of(rank), 0) != 0 || is_zombie(process_of(rank)); }
  static bool is_zombie(pid_t process) {
    return contents("/proc/" + std::to_string(process) + "/stat").find(") Z ") != std::string::npos;
  }

  std::optional<Hosts> hosts;
};

TEST_P(TwoHosts, TrainToTheWeightsOfOneProcess) {
  ASSERT_EQ(nib(small_training({"--out", "alone"}), folder.path()).code, 0);
  const Ending ending = on_both("", small_training({"--out", "run"}))->run();
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(hash_of("run"), hash_of("alone"));
}

TEST_P(TwoHosts, EndWhereTheCableIsCutSlow) {
  const auto program = on_both("NIB_RANK_TIMEOUT=4", small_training({"--epochs", "100000", "--out", "run"}));
  program->start();
  ASSERT_TRUE(program->wait_for_output("Epoch 2/100000 - ")) << program->errors_so_far();
  hosts->cable().cut();
  wait_for_ranks();
  EXPECT_THAT(lines_of_rank_0(*program), ElementsAre("nib: error: no answer from rank 1 within 4 s"));
  EXPECT_THAT(lines_of_rank_1(), ElementsAre("nib: error: rank 1: no answer from rank 0 within 4 s"));
  EXPECT_EQ(status_of("run"), "failed");
}

TEST_P(TwoHosts, EndWhereTheCableIsCutWhileTheyStartSlow) {
  const auto program = on_both("NIB_RANK_TIMEOUT=1", small_training({"--out", "run"}));
  program->start();
  for (const char* const process : {"process-0", "process-1"})
    while (contents(folder / process).empty()) std::this_thread::sleep_for(milliseconds(1));
  hosts->cable().cut();
  wait_for_ranks();
  // They may have come as far as to their first exchange, for which there is more time, as data are read before it.
  EXPECT_THAT(lines_of_rank_0(*program), ElementsAre(AnyOf("nib: error: rank 0: MPI did not start within 1 s",
                                                           "nib: error: no answer from rank 1 within 10 s")));
  EXPECT_THAT(lines_of_rank_1(), ElementsAre(AnyOf("nib: error: rank 1: MPI did not start within 1 s",
                                                   "nib: error: rank 1: no answer from rank 0 within 10 s")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

INSTANTIATE_TEST_SUITE_P(Mpi, TwoHosts, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
