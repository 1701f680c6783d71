// The program that a layer is linked into alone, to see that it can be; see kith.cmake.
int main() {}
