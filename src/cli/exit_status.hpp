#pragma once
/// What the commands end with: the numbers of sysexits.h, so that scripts can tell why.

#include <string_view>

namespace crier::cli::exit_status {

inline constexpr int ok = 0;
/// The service refused, for a reason that belongs to the request (named in the message).
inline constexpr int refused = 1;
/// The command line is wrong.
inline constexpr int usage = 64;
/// The input is wrong: a payload that is not XML, an answer that makes no sense.
inline constexpr int bad_data = 65;
/// A file that is to be read is not there.
inline constexpr int no_input = 66;
/// The server's host is unknown or can not be reached.
inline constexpr int no_host = 68;
/// The server or the service does not offer what is needed.
inline constexpr int unavailable = 69;
/// A file can not be made, or is there already.
inline constexpr int cannot_create = 73;
/// A file can not be read, the output can not be written.
inline constexpr int io_error = 74;
/// Trying again later may help; an answer did not come in time.
inline constexpr int temporary = 75;
/// The password, the certificate or the right to do this is missing.
inline constexpr int no_permission = 77;
/// An error in crier itself.
inline constexpr int software = 70;
/// The configuration file is wrong.
inline constexpr int configuration = 78;

/// A status, and what it means in a few words.
struct Meaning {
  int status;
  std::string_view meaning;
};

/// All of them, for --help and the manual pages.
inline constexpr Meaning meanings[] = {
    {ok, "done"},
    {refused, "refused by the service, or something was found to be wrong"},
    {usage, "wrong command line, or the answer to a question was no"},
    {bad_data, "wrong input"},
    {no_input, "no such file to read"},
    {no_host, "host unknown or unreachable"},
    {unavailable, "server or service does not offer it"},
    {software, "an error in crier"},
    {cannot_create, "a file can not be made"},
    {io_error, "a file or the output"},
    {temporary, "trying again later may help"},
    {no_permission, "permission, password or certificate"},
    {configuration, "wrong configuration"},
};

}  // namespace crier::cli::exit_status
