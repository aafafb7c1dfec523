/// Gives the fuzz target each file that is named, or the standard input: for a compiler without
/// libFuzzer, for AFL, and to look at what a fuzzer found.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(std::istream& input) {
  const std::string bytes(std::istreambuf_iterator<char>(input), {});
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 1) run(std::cin);
  for (int index = 1; index < count; ++index) {
    std::ifstream file(arguments[index], std::ios::binary);
    run(file);
  }
}
