#pragma once

#include <filesystem>

#include "images/several/page_scores.h"

namespace nib {

/// Writes what the network of looks.h learns from (tools/several/learn_looks) into a folder: 10,650 pages drawn of
/// MNIST's training digits but the last 6,000, on which costs are fitted, with neighbours that touch more often than
/// elsewhere. Another seed draws others. Numbers are little-endian.
///
/// - `lines`: int32 (line, 2): borders, candidates. Of lines that can be divided rightly.
/// - `candidates`: float32 (candidate, 6 + figures): first border, last border, 1 for right ones, what its box shares
///   with the digit that it is most alike (see KnownLine), the class of right ones (else -1), 1 for what is left out,
///   then Figures without looks. Those that are worth a look.
/// - `views`: bytes (candidate, view_rows, view_columns); 0 of what is left out.
void write_lessons(const std::filesystem::path& folder, std::uint64_t seed, const DigitReader& read);

}  // namespace nib
