#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// The checkpoint in a run's folder, where only one is kept; else each has its step in its name.
inline constexpr const char* checkpoint_file = "checkpoint.safetensors";
std::string checkpoint_file_of(std::uint64_t step);  ///< "checkpoint-844.safetensors"
std::optional<std::uint64_t> step_in_name(std::string_view file);
inline bool is_checkpoint_file(std::string_view file) { return file == checkpoint_file || step_in_name(file); }

/// The names of all checkpoints in a folder, as they are called, whatever is in them: those with the later step first,
/// last the one without a step.
std::vector<std::string> checkpoint_files(const std::filesystem::path& folder);

}  // namespace nib
