#pragma once

#include <string>

#include "nib/training.h"

namespace nib {

/// A table with one line an epoch under the header `epoch,accuracy,loss,val_accuracy,val_loss,seconds`: epochs from 1,
/// numbers in nine significant digits. The two columns of validation are left out when no epoch has such figures.
std::string history_csv(const History& history);

/// The same columns as one JSON object of arrays, as the history that Keras's fit() returns, with the epoch numbers as
/// one more. Numbers are written so that they read back exactly; one that is not finite becomes null.
std::string history_json(const History& history);

}  // namespace nib
