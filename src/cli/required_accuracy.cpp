#include "cli/required_accuracy.h"

#include <fmt/core.h>

#include <string>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

namespace nib {

void add_required_accuracy_option(Command command, std::optional<double>& least) {
  const std::string name = "--require-accuracy", allowed = "a number between 0 and 1";
  add_value(command,
            {.names = name,
             .value_name = "X",
             .allowed = allowed,
             .description = "end with exit code 7 where the test accuracy is below X"},
            [&least, name, allowed](const std::string& text) {
              const std::optional<double> number = parse_number(text);
              if (!number || *number < 0 || *number > 1)
                throw usage_error({.file = name, .problem = "not " + allowed, .got = quoted(text)});
              least = number;
            });
}

void require_accuracy(std::optional<double> least, const TestResult& test) {
  if (!least || test.accuracy >= *least) return;
  throw Error(ExitCode::check_failed, {.setting = "require accuracy",
                                       .problem = "the test accuracy is too low",
                                       .expected = fmt::format("at least {}", *least),
                                       .got = fmt::format("{}", test.accuracy)});
}

}  // namespace nib
