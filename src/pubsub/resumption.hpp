#pragma once
/// What a process that was killed has left: items that not everybody has been told of.
///
/// Before anything else is done, when the first stream of a process is there, their notifications
/// are sent to the rest, with the time of publication (XEP-0203). What left shortly before the end
/// may come again. Who has to be online for its notifications gets none of these: nobody is, yet;
/// durable subscriptions go by their own cursors.

#include <crier/turn.hpp>

namespace crier {

/// Sends what the process before this one has not: `progress` is how far that has come. Gives the
/// number of the last item that it looked at.
Seq resume_fanouts(Turn& turn, const FanoutProgress& progress);

}  // namespace crier
