#pragma once

namespace nib {

/// From now on memory of a quarter of a mebibyte and more goes back to the system as soon as it is freed. Else glibc
/// keeps ever larger pieces, the more of them were freed, and a program that does one large thing after another is as
/// large as all of them together. For programs that ask for such pieces now and then, as each is new memory then.
void give_freed_memory_back();

/// The opposite: of what is freed, up to 64 MiB are kept for the next ones who ask. For programs that do the same again
/// and again: each page from the system takes as long as a thousand numbers.
void keep_freed_memory();

}  // namespace nib
