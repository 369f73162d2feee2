// The program that the precompiled header of all tests belongs to: see CMakeLists.txt.
int main() {}
