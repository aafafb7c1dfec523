#pragma once
/// The commands that talk to a service as a client. Each returns an exit status of exit_status.hpp;
/// `argv[0]` is the noun.

namespace crier::cli {

/// `crier node list|show|create|configure|delete|purge`
int node(int argc, char** argv);
/// `crier item list|show|publish|retract`
int item(int argc, char** argv);
/// `crier subscription list|add|remove`
int subscription(int argc, char** argv);
/// `crier affiliation list|set|remove`
int affiliation(int argc, char** argv);
/// `crier explain`
int explain(int argc, char** argv);
/// `crier watch`
int watch(int argc, char** argv);

}  // namespace crier::cli
