#pragma once

#include <string>

#include "cli/command_line.h"

namespace nib {

/// Each adds one command with its options to the program.
Command add_train_command(Command program);
/// `train`: the command whose options it takes lists of.
void add_sweep_command(Command program, const Command& train);
void add_evaluate_command(Command program);
void add_predict_command(Command program);
void add_draw_command(Command program);
void add_show_command(Command program);
void add_summary_command(Command program);
void add_report_command(Command program);
void add_reproduce_command(Command program);
void add_bench_command(Command program);
void add_compare_command(Command program);
void add_convert_command(Command program);
void add_runs_command(Command program);
void add_verify_command(Command program);
void add_data_command(Command program);
void add_doctor_command(Command program);
void add_version_command(Command program, const std::string& commit);  ///< empty where it is not known

}  // namespace nib
