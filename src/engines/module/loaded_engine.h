#pragma once

#include <memory>

#include "engines/module/border.h"
#include "nib/engine.h"

namespace nib::cuda {

/// An Engine out of the one that the module handed over: what failed there is thrown here, and what a Progress throws
/// does not reach the module: it ends the work as Next::stop does, and is thrown on from behind it.
/// `options` are those it was made with.
std::unique_ptr<Engine> adapt(std::unique_ptr<ModuleEngine> engine, const EngineOptions& options);

}  // namespace nib::cuda
