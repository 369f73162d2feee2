#pragma once

#include <filesystem>

#include "base/notes.h"
#include "runs/checkpoint.h"

namespace nib {

struct FoundCheckpoint {
  std::filesystem::path file;
  Checkpoint checkpoint;
};

/// The checkpoint that `named` is, or of a folder the one with the latest step. One that is damaged is told and passed
/// over where there is another. Throws Error: io, bad input where none can be read or there is none.
FoundCheckpoint find_checkpoint(const std::filesystem::path& named, Notes& notes);

}  // namespace nib
