#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/notes.h"
#include "cli/command_line.h"
#include "data/catalogue.h"
#include "inference/device.h"
#include "ranks/ranks.h"

namespace nib {

/// --ranks auto|mpi|off
void add_ranks_option(Command command, std::string& ranks);

/// What a command does among the processes that a launcher started together, see Ranks; `mode` as --ranks takes it.
/// Returns the exit code, the same on every rank. Where one cannot go on, one line tells it and names the rank, and all
/// end; alone, what `work` throws is thrown on.
int with_ranks(const std::string& mode, const std::function<int(Ranks&)>& work);

/// For commands that are for one process: throws Error (usage) in one that a launcher of MPI started with others, or
/// ToldElsewhere, as one of them tells it. Unless NIB_RANKS is off: then each does the whole work.
void refuse_ranks(const std::string& command);

/// Has the ranks compute together: on the CPU, by all cores that there are where --threads is not among the `given`
/// options.
/// Throws Error (device) where another device was asked for.
void compute_on(DeviceChoice& device, Ranks& ranks, const std::vector<std::string>& given, Notes& notes);

/// That program and instructions are the same on all ranks, and these facts of the command. Throws Error.
void require_same_on_ranks(Ranks& ranks, std::vector<RankFact> facts);

/// The files of a data set as facts, by their content.
void add_facts(std::vector<RankFact>& facts, const std::vector<DataFile>& files);

}  // namespace nib
