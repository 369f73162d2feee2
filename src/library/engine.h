#pragma once

#include "inference/device.h"

struct nib_engine {
  nib::DeviceChoice choice;
};
