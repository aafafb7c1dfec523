// As src/pch/system.hpp, with what most tests include.
#include <doctest/doctest.h>

#include <filesystem>
#include <ostream>
#include <sstream>

#include "../../../src/pch/system.hpp"
#include "pubsub/scene.hpp"
