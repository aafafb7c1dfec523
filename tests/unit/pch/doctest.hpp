// As src/pch/system.hpp, with the header that every test includes.
#include <doctest/doctest.h>

#include <filesystem>
#include <ostream>
#include <sstream>

#include "../../../src/pch/system.hpp"
