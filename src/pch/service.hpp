// As system.hpp, with what most files of the service include: the contract of its rooms.
#include <crier/service.hpp>

#include "system.hpp"
