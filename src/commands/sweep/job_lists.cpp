#include "commands/sweep/job_lists.h"

#include <fmt/core.h>

#include <cstdint>
#include <system_error>

#include "base/text.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

std::string program() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? "nib" : shell_word(path.string());
}

std::string command(const fs::path& sweep, unsigned threads) {
  return fmt::format("{} sweep --resume {} --threads {} --run ", program(), shell_word(sweep.string()), threads);
}

/// sbatch takes its own lines apart at blanks, has no quotes but these, and puts numbers in the place of "%a".
std::string log_pattern(const fs::path& sweep) {
  std::string pattern = "\"";
  for (const char letter : sweep.string()) {
    if (letter == '"' || letter == '\\') pattern += '\\';
    if (letter == '%') pattern += '%';
    pattern += letter;
  }
  return pattern + "/slurm-%a.log\"";
}

}  // namespace

std::string slurm_script(const SweepPlan& plan, const std::vector<std::size_t>& runs, const fs::path& sweep,
                         unsigned threads) {
  const std::vector<std::uint64_t> numbers(runs.begin(), runs.end());
  return fmt::format(
      "#!/bin/bash\n"
      "# {0} of the {1} runs of a sweep, an array element each. Limits on time and memory are for you to add: an "
      "element\n"
      "# that was ended and is started once more goes on with its run. For the tables, afterwards:\n"
      "#   {2} sweep --collect {3}\n"
      "#SBATCH --job-name=nib-sweep\n"
      "#SBATCH --array={4}\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task={5}\n"
      "#SBATCH --output={6}\n"
      "#SBATCH --open-mode=append\n"
      "exec {7}\"${{SLURM_ARRAY_TASK_ID:?is the number of a run, set by an array job}}\"\n",
      runs.size(), plan.runs(), program(), shell_word(sweep.string()), ranges_text(numbers), threads,
      log_pattern(sweep), command(sweep, threads));
}

std::string parallel_list(const SweepPlan& plan, const std::vector<std::size_t>& runs, const fs::path& sweep,
                          unsigned threads) {
  std::string text;
  for (const std::size_t run : runs)
    text += fmt::format("{}{}  # {}\n", command(sweep, threads), run, printable(plan.run_in_words(run), 300));
  return text;
}

}  // namespace nib
