#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace nib {

/// What the chosen subcommand does once its options are read: returns the exit code or throws Error.
using Action = std::function<int()>;

/// Each adds one subcommand with its options to `app`; when it is the one chosen, `action` is set.
void add_train_command(CLI::App& app, Action& action);
void add_evaluate_command(CLI::App& app, Action& action);
void add_predict_command(CLI::App& app, Action& action);
void add_show_command(CLI::App& app, Action& action);
void add_summary_command(CLI::App& app, Action& action);
void add_report_command(CLI::App& app, Action& action);
void add_bench_command(CLI::App& app, Action& action);
void add_compare_command(CLI::App& app, Action& action);
void add_data_command(CLI::App& app, Action& action);
void add_doctor_command(CLI::App& app, Action& action);

}  // namespace nib
