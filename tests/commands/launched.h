#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands/small_set.h"

namespace nib {

/// The program as processes that mpirun starts together, of the MPI library that is the parameter ("openmpi", "mpich").
/// Skips where nib has no module for it, or its mpirun is not here.
class UnderMpi : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  /// So many ranks of nib with these arguments; $RANK in one of them is the rank's number. Each leaves its process id
  /// in the folder, see process_of(). Not started yet.
  std::unique_ptr<Program> launched(unsigned ranks, const std::vector<std::string>& arguments) const;
  struct Launcher {
    std::string options{};  ///< more of them for mpirun
    std::string host{};     ///< the network namespace that it runs in, which is its host name, too; empty for none
  };
  /// The same with something before the program in its shell's line: variables, or another program that starts it.
  std::unique_ptr<Program> launched(unsigned ranks, const std::string& before,
                                    const std::vector<std::string>& arguments, const Launcher& launcher) const;
  std::unique_ptr<Program> launched(unsigned ranks, const std::string& before,
                                    const std::vector<std::string>& arguments) const {
    return launched(ranks, before, arguments, {});
  }
  Ending run(unsigned ranks, const std::vector<std::string>& arguments) const;

  pid_t process_of(unsigned rank) const;
  std::string hash_of(const std::string& run) const;  ///< of the weights, by its run.json
  std::string status_of(const std::string& run) const;

  const SmallSetFolder folder;
};

/// With the line ends of a file, where mpirun passed on those of a terminal.
Ending plain(Ending ending);

/// The lines that nib wrote among those of mpirun: "nib: ...".
std::vector<std::string> lines_of_nib(const Ending& ending);

}  // namespace nib
