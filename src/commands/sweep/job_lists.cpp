#include "commands/sweep/job_lists.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
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

/// Slurm's MaxArraySize is 1,001 where nobody has set it.
constexpr std::size_t last_element = 1'000;

/// What an array of jobs has to make.
struct Elements {
  std::string numbers;      ///< as sbatch takes them
  std::string definitions;  ///< lines of the shell before it is begun
  std::string runs;         ///< in the shell, from the number of the element
};

/// An element has the number of its run, so that it can be told from the queue which it is. Where Slurm has not so many
/// elements, neighbours share one.
Elements elements_of(const std::vector<std::size_t>& runs) {
  const std::string number = "${SLURM_ARRAY_TASK_ID:?is set by an array job}";
  if (runs.back() <= last_element)
    return {.numbers = ranges_text({runs.begin(), runs.end()}), .definitions = "", .runs = number};
  const std::size_t count = std::min(runs.size(), last_element);
  std::string definitions =
      "# What each element makes, one run after the other, as an array of Slurm has 1,000 "
      "elements as a rule.\nruns=(";
  for (std::size_t element = 0; element < count; ++element) {
    const auto begin = runs.begin() + static_cast<std::ptrdiff_t>(element * runs.size() / count);
    const auto end = runs.begin() + static_cast<std::ptrdiff_t>((element + 1) * runs.size() / count);
    definitions += (element == 0 ? "" : " ") + ranges_text({begin, end});
  }
  std::vector<std::uint64_t> elements(count);
  std::iota(elements.begin(), elements.end(), 0U);
  return {.numbers = ranges_text(elements), .definitions = definitions + ")\n", .runs = "${runs[" + number + "]}"};
}

/// sbatch takes its own lines apart at blanks, has no quotes but these, and puts numbers in the place of "%a". A
/// backslash has it leave "%a" as it is: there is none, see require_printable().
std::string log_pattern(const fs::path& sweep) {
  std::string pattern = "\"";
  for (const char letter : sweep.string()) {
    if (letter == '"') pattern += '\\';
    if (letter == '%') pattern += '%';
    pattern += letter;
  }
  return pattern + "/slurm-%a.log\"";
}

}  // namespace

std::string slurm_script(const SweepPlan& plan, const std::vector<std::size_t>& runs, const fs::path& sweep,
                         unsigned threads) {
  const Elements elements = elements_of(runs);
  return fmt::format(
      "#!/bin/bash\n"
      "# {0} of the {1} runs of a sweep as the elements of an array. Limits on time and memory are for you to add: an "
      "element\n"
      "# that was ended and is started once more goes on with its run. For the tables, afterwards:\n"
      "#   {2} sweep --collect {3}\n"
      "#SBATCH --job-name=nib-sweep\n"
      "#SBATCH --array={4}\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task={5}\n"
      "#SBATCH --output={6}\n"
      "#SBATCH --open-mode=append\n"
      "{7}exec {8}\"{9}\" --jobs 1\n",
      runs.size(), plan.runs(), program(), shell_word(sweep.string()), elements.numbers, threads, log_pattern(sweep),
      elements.definitions, command(sweep, threads), elements.runs);
}

std::string parallel_list(const SweepPlan& plan, const std::vector<std::size_t>& runs, const fs::path& sweep,
                          unsigned threads) {
  std::string text;
  for (const std::size_t run : runs)
    text += fmt::format("{}{}  # {}\n", command(sweep, threads), run, printable(plan.run_in_words(run), 300));
  return text;
}

}  // namespace nib
