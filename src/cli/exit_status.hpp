#pragma once
/// What the commands end with: the numbers of sysexits.h, so that scripts can tell why.

namespace crier::cli::exit_status {

inline constexpr int ok = 0;
/// The service refused, for a reason that belongs to the request (named in the message).
inline constexpr int refused = 1;
/// The command line is wrong.
inline constexpr int usage = 64;
/// The input is wrong: a payload that is not XML, an answer that makes no sense.
inline constexpr int bad_data = 65;
/// The server's host is unknown or can not be reached.
inline constexpr int no_host = 68;
/// The server or the service does not offer what is needed.
inline constexpr int unavailable = 69;
/// A file can not be read, the output can not be written.
inline constexpr int io_error = 74;
/// Trying again later may help; an answer did not come in time.
inline constexpr int temporary = 75;
/// The password, the certificate or the right to do this is missing.
inline constexpr int no_permission = 77;
/// The configuration file is wrong.
inline constexpr int configuration = 78;

}  // namespace crier::cli::exit_status
