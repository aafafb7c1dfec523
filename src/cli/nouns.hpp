#pragma once
/// The commands that talk to a service, and those that tell of crier itself.

#include <memory>

#include "cli/command.hpp"

namespace crier::cli {

/// `crier node list|tree|show|create|configure|delete|purge`
std::unique_ptr<Subcommand> node();
/// `crier item list|show|publish|retract`
std::unique_ptr<Subcommand> item();
/// `crier subscription list|add|remove|options`
std::unique_ptr<Subcommand> subscription();
/// `crier affiliation list|set|remove`
std::unique_ptr<Subcommand> affiliation();
/// `crier explain`
std::unique_ptr<Subcommand> explain();
/// `crier pending list|approve|deny`
std::unique_ptr<Subcommand> pending();
/// `crier ban`, `crier unban`
std::unique_ptr<Subcommand> ban();
std::unique_ptr<Subcommand> unban();
/// `crier announce`
std::unique_ptr<Subcommand> announce();
/// `crier audit`
std::unique_ptr<Subcommand> audit();
/// `crier shutdown`
std::unique_ptr<Subcommand> shutdown();
/// `crier watch`
std::unique_ptr<Subcommand> watch();

/// `crier status`, `crier top`, `crier trace`
std::unique_ptr<Subcommand> status();
std::unique_ptr<Subcommand> top();
std::unique_ptr<Subcommand> trace();
/// `crier config check|show|defaults|reload`
std::unique_ptr<Subcommand> config();
/// `crier doctor`
std::unique_ptr<Subcommand> doctor();
/// `crier completion bash|zsh|fish`
std::unique_ptr<Subcommand> completion();
/// `crier manual DIRECTORY`
std::unique_ptr<Subcommand> manual();

}  // namespace crier::cli
