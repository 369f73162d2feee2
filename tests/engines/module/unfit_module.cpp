// Modules that the program has to refuse, by what is defined: one of another build, one without the function, and one
// that is no module of nib.

#include <cstdlib>

extern "C" {

#ifdef FAKE_BUILD_ID
extern const char nib_cuda_build_id[];
const char nib_cuda_build_id[] = FAKE_BUILD_ID;
#endif

#ifdef FAKE_FUNCTION
void nib_cuda_make_engine() { std::abort(); }
#endif

}  // extern "C"
