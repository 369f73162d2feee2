#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nib/error.h"

namespace nib {

/// What has to be the same in all ranks. A difference is told with its values, and has this code.
struct RankFact {
  std::string name, value;
  ExitCode code = ExitCode::bad_input;
};

/// All of them in one text, for the other ranks.
std::string fact_text(const std::vector<RankFact>& facts);

/// The first fact that a rank has otherwise than rank 0, as an error that names the rank; `texts` are those of all
/// ranks, which may have zeros behind them. Nothing where they agree.
std::optional<Error> first_difference(const std::vector<RankFact>& facts, const std::vector<std::string>& texts);

}  // namespace nib
