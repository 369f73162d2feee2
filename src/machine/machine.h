#pragma once

#include <cstdint>
#include <string>
#include "encodings/json.h"

namespace nib {

/// "nib 0.1.0, GCC 12.2.0, 64-bit Linux" and the like: what was built, and with what.
std::string program_versions();
Json program_json();  ///< version, compiler, libraries

/// SHA-256 of the program's own file; empty where the system does not let it be read.
std::string program_sha256();

/// The processor's name as the system tells it, or its architecture.
std::string processor_name();
Json machine_json();  ///< processor, usable cores, system

/// The most memory that this process has had in use (VmHWM); 0 when the system does not say.
std::uint64_t peak_memory_bytes();

/// Seconds since the system started this process, loading of its libraries included; resolution 10 ms.
double process_age();

/// "2026-11-22T17:31:05Z".
std::string utc_time_now();

}  // namespace nib
