#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace nib {

/// What lies in a folder, in a few words: "3 PDF files, the file notes.txt and the folder old"; the commonest kinds of
/// files by their endings, at most three kinds and three folders by name. Hidden files are passed over.
std::string contents_in_words(const std::filesystem::path& folder);

/// True for a folder in which nothing is a set in a format that nib reads, nor a file whose name comes near one of a
/// set's IDX files.
bool holds_no_set(const std::filesystem::path& folder);

/// What to do with a file that is no set in a format that nib reads: to unpack it or to save it in another way; nothing
/// where that is not known.
std::string hint_for_file(const std::filesystem::path& path);

/// What such a folder is refused with: what lies there instead, with a hint at what to do about that. Code: bad input,
/// or io where the folder cannot be listed.
Error no_set_in(const std::filesystem::path& folder);

}  // namespace nib
