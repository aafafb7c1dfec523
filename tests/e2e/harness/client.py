"""XMPP entities of the tests: a user's session (slixmpp) and a component with many addresses.

slixmpp negotiates the stream. From then on stanzas are taken as plain elements, before its
stanza classes see them: what arrived is compared as it arrived, and ten thousand of them cost
no more than parsing.
"""

import asyncio
import contextlib
import io
import itertools
from xml.sax.saxutils import quoteattr

with contextlib.redirect_stderr(io.StringIO()):  # it tells that it could be built faster
    import slixmpp

from .loop import loop, run
from .server import DOMAIN, SECRET, SERVICE, SINK, USERS
from .xml import PUBSUB, error_of, local_name

TIMEOUT = 20


class Refused(Exception):
    """The answer was an error; the text is its short notation."""

    def __init__(self, answer):
        super().__init__(error_of(answer))
        self.answer = answer


class _Taking:
    """Hands stanzas over as elements once `take` is set."""

    take = None

    def _spawn_event(self, xml):
        if self.take:
            self.take(xml)
        else:
            super()._spawn_event(xml)


class _ClientStream(_Taking, slixmpp.ClientXMPP):
    pass


class _ComponentStream(_Taking, slixmpp.ComponentXMPP):
    pass


class Session:
    """What users and components share: requests, and the inbox of messages."""

    service = SERVICE            # whom requests go to
    relies_on = None             # a Crier: when it ends, nobody waits for its answers any more

    def __init__(self, stream):
        self.messages = []       # elements, in the order of arrival
        self.others = []         # presence, and IQs that answer nothing of ours
        self.answered = {}       # id → answer, until it is taken
        self._waiting = set()    # ids of the requests that wait for one
        self._keys = (f"t{number}" for number in itertools.count(1))
        self._stream = stream
        self._arrived = asyncio.Event()
        self._failure = None
        stream.loop = loop
        for name in ("failed_all_auth", "connection_failed", "disconnected"):
            stream.add_event_handler(name, self._failed)
        stream.add_event_handler("session_start", self._started)

    def _wait_for_session(self):
        self.wait_until(lambda: self._stream.take or self._failure, what="the session's start")
        if self._failure:
            self.close()
            raise ConnectionError(f"no session as {self._stream.boundjid}: {self._failure}")

    def _failed(self, event):
        self._failure = f"ended: {event}"
        self._arrived.set()

    def _started(self, _):
        self._stream.take = self._take
        self._arrived.set()

    @property
    def connected(self):
        return self._failure is None

    def close(self):
        """Ends the session."""
        if self.connected:
            run(self._stream.disconnect(wait=2))
        self._stream.abort()
        self._stream._run_out_filters.cancel()
        run(asyncio.sleep(0))

    def _take(self, xml):
        kind, key = local_name(xml), xml.get("id")
        if kind == "iq" and xml.get("type") in ("result", "error") and key in self._waiting:
            self._waiting.remove(key)
            self.answered[key] = xml
        elif kind == "message":
            self.messages.append(xml)
        else:
            self.others.append(xml)
        self._arrived.set()

    def wait_until(self, condition, timeout=TIMEOUT, what="it"):
        """Runs the loop until `condition()` holds; it is looked at after each arrival."""
        deadline = loop.time() + timeout
        while not condition():
            if loop.time() > deadline:
                raise TimeoutError(f"{what} did not happen within {timeout} s; "
                                   f"{len(self.messages)} messages arrived")
            if self.relies_on and not self.relies_on.process.running:
                raise ConnectionError(f"crier has ended, and {what} did not happen")
            run(self._next_arrival())

    async def _next_arrival(self):
        """Something arrived, or half a second has passed: time to look around."""
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), 0.5)
        except asyncio.TimeoutError:
            pass

    def send(self, xml):
        """Sends stanzas as they are written."""
        self._stream.send_raw(xml)

    def _iq(self, kind, content, key, to, sender):
        source = f" from={quoteattr(sender)}" if sender else ""
        return (f"<iq type='{kind}' id='{key}' to={quoteattr(to or self.service)}{source}>"
                f"{content}</iq>")

    def ask(self, kind, content, to=None, sender=None, timeout=TIMEOUT):
        """Sends an IQ and returns its answer, result or error; `sender` is for components."""
        key = next(self._keys)
        self._waiting.add(key)
        self.send(self._iq(kind, content, key, to, sender))
        try:
            self.wait_until(lambda: key in self.answered, timeout, f"an answer to {content[:200]}")
        finally:
            self._waiting.discard(key)
        return self.answered.pop(key)

    def get(self, content, **where):
        """Asks with type get; the result, or Refused."""
        return self._result(self.ask("get", content, **where))

    def set(self, content, **where):
        """Asks with type set; the result, or Refused."""
        return self._result(self.ask("set", content, **where))

    @staticmethod
    def _result(answer):
        if answer.get("type") == "error":
            raise Refused(answer)
        return answer

    def refused(self, kind, content, **where):
        """The error that a request gets, in short notation; None when it was granted."""
        return error_of(self.ask(kind, content, **where))

    def pipeline(self, contents, kind="set", to=None, senders=None):
        """Sends many requests without waiting; their ids in order. See `answered`."""
        keys = []
        texts = []
        for content, sender in zip(contents, senders or itertools.repeat(None)):
            key = next(self._keys)
            keys.append(key)
            self._waiting.add(key)
            texts.append(self._iq(kind, content, key, to, sender))
        self.send("".join(texts))
        return keys

    def wait_for_answers(self, keys, timeout=TIMEOUT):
        """The answers of pipelined requests, in the order of `keys`."""
        self.wait_until(lambda: len(self.answered) >= len(keys) and
                             all(key in self.answered for key in keys),
                             timeout, f"{len(keys)} answers")
        return [self.answered.pop(key) for key in keys]

    def wait_for_messages(self, count=1, timeout=TIMEOUT):
        """Takes the first `count` messages of the inbox, waiting for them."""
        self.wait_until(lambda: len(self.messages) >= count, timeout, f"message {count}")
        taken, self.messages = self.messages[:count], self.messages[count:]
        return taken

    def wait_for_message(self, timeout=TIMEOUT):
        return self.wait_for_messages(1, timeout)[0]

    def take_messages(self):
        """Empties the inbox."""
        taken, self.messages = self.messages, []
        return taken


class User(Session):
    """One session of a registered user, available for messages."""

    def __init__(self, server, name, resource="desk"):
        stream = _ClientStream(f"{name}@{DOMAIN}/{resource}", USERS[name], sasl_mech="PLAIN")
        stream["feature_mechanisms"].unencrypted_plain = True
        super().__init__(stream)
        stream.connect((server.host, server.client_port), disable_starttls=True)
        self._wait_for_session()
        self.name = name
        self.jid = stream.boundjid.full
        self.bare = stream.boundjid.bare
        self._fences = itertools.count(1)
        self._fence = None
        self.send("<presence/>")
        self.wait_until(lambda: self.others, what="the echo of our presence")
        self.others.clear()

    def settle(self):
        """Returns once all that was caused so far has arrived: the messages in the inbox.

        We subscribe to a node of our own: what the service sent us before comes before that
        node's next notification, so "nothing came" is seen without waiting for time to pass.
        """
        if self._fence is None:
            self._fence = f"node={quoteattr(f'fence of {self.jid} {id(self)}')}"
            self.set(f"<pubsub xmlns='{PUBSUB}'><create {self._fence}/></pubsub>")
            self.set(f"<pubsub xmlns='{PUBSUB}'>"
                     f"<subscribe {self._fence} jid={quoteattr(self.jid)}/></pubsub>")
        mark = str(next(self._fences))
        fence = "{urn:example:fence}fence"
        self.set(f"<pubsub xmlns='{PUBSUB}'><publish {self._fence}><item id='fence'>"
                 f"<fence xmlns='urn:example:fence'>{mark}</fence></item></publish></pubsub>")
        self.wait_until(
            lambda: any(each.text == mark for message in self.messages
                        for each in message.iter(fence)),
            what="the fence's notification")
        return [each for each in self.take_messages() if next(each.iter(fence), None) is None]


class Component(Session):
    """A component of the tests: every address of its domain is ours."""

    def __init__(self, server, domain=SINK, secret=SECRET):
        stream = _ComponentStream(domain, secret, server.host, server.component_port)
        super().__init__(stream)
        stream.connect()
        self._wait_for_session()
        self.domain = domain
