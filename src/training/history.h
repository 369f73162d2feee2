#pragma once

#include <string>
#include <vector>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "nib/training.h"

namespace nib {

/// A table with one line an epoch under the header `epoch,accuracy,loss,val_accuracy,val_loss,learning_rate,seconds`:
/// epochs from 1, numbers in nine significant digits. The two columns of validation are left out when no epoch has such
/// figures, and so is that of the learning rate.
std::string history_csv(const History& history);

/// The same columns as one JSON object of arrays, as the history that Keras's fit() returns, with the epoch numbers as
/// one more. Numbers are written so that they read back exactly; one that is not finite becomes null.
std::string history_json(const History& history);

/// One named figure of every epoch; NaN where it is missing.
struct HistoryColumn {
  const char* name;
  double (*value)(const EpochResult&);
  bool (*is_told)(const EpochResult&) = nullptr;  ///< of figures that not every history has
};
/// Those that both files have, in their order, without the epoch's number.
std::vector<HistoryColumn> history_columns(const History& history);

/// The object of history_json() as a part of another document.
Json history_to_json(const History& history);
/// Reads it back: figures may be null, columns missing, and other columns are passed over. Throws Error (bad input).
History history_from_json(const JsonReader& columns);

}  // namespace nib
