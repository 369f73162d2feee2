#pragma once

#include <string>

#include "commands/reproduce/recorded_run.h"
#include "commands/reproduce/repetition.h"
#include "encodings/json.h"

namespace nib {

/// What a repetition certifies, or where it differs: the hashes of record, data, program, weights and epochs. It has no
/// time in it: whoever repeats the run gets the same but for program, machine and engine.
Json certificate(const RecordedRun& run, const Repetition& repetition);

/// "by this very program", or what of the program is another one, in words.
std::string maker_in_words(const RecordedRun& run);

/// The result in words: what was reproduced and how far that goes, with the hashes.
std::string certificate_text(const RecordedRun& run, const Repetition& repetition);

}  // namespace nib
