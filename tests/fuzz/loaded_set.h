#pragma once

#include <cstdlib>
#include <functional>

#include "base/error.h"
#include "data/data_format.h"

/// Reads what may be a set: it is refused with an Error, or each of its files is as long as its header says.
inline void check_set(const std::function<nib::LoadedSet()>& read) {
  const auto check = [](bool condition) {
    if (!condition) std::abort();
  };
  try {
    const nib::LoadedSet set = read();
    check(!set.files.empty());
    for (const nib::LoadedFile& loaded : set.files) {
      const nib::IdxHeader& header = loaded.header;
      check(header.count > 0 && header.rows > 0 && header.columns > 0);
      check(header.header_bytes() + loaded.values.size() == header.file_bytes());
    }
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
  }
}
