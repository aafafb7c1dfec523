"""A server's side of the component protocol (XEP-0114), played by the test itself.

Where a test is about the bytes on crier's own stream, a real server would be in the way: it
writes XML anew, waits, or refuses to send what is malformed.
"""

import hashlib
import re
import socket
import time
import xml.etree.ElementTree as ElementTree

from .server import SECRET, SERVICE
from .xml import local_name

STREAM_ID = "3BF96D32"
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
          "xmlns:stream='http://etherx.jabber.org/streams' from='{domain}' id='{id}'>")


class StubServer:
    """Listens on a port of the loopback."""

    def __init__(self, host="127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        port = self._listener.getsockname()[1]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def accept(self, timeout=20):
        """The next connection, before anything was said on it."""
        self._listener.settimeout(timeout)
        connection, _ = self._listener.accept()
        return StubStream(connection)

    def accept_component(self, timeout=20):
        """The next connection, with its handshake checked and accepted."""
        stream = self.accept(timeout)
        stream.open()
        assert stream.handshake() == hashlib.sha1((STREAM_ID + SECRET).encode()).hexdigest()
        stream.send("<handshake/>")
        return stream

    def close(self):
        self._listener.close()


class StubStream:
    """One connection: what was received is kept as bytes and as stanzas."""

    def __init__(self, connection):
        self._connection = connection
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = ElementTree.XMLPullParser(("start", "end"))
        self._depth = 0
        self._stanzas = []
        self.header = None
        self.received = b""
        self.ended = False

    def send(self, xml):
        self._connection.settimeout(20)
        self._connection.sendall(xml if isinstance(xml, bytes) else xml.encode())

    def open(self, domain=SERVICE):
        """Waits for the peer's stream header and answers with ours."""
        self._read_until(lambda: self.header is not None, 20)
        self.send(HEADER.format(domain=domain, id=STREAM_ID))

    def handshake(self):
        """The text of the peer's handshake."""
        stanza = self.stanza()
        assert local_name(stanza) == "handshake"
        return stanza.text

    def stanza(self, timeout=20):
        """The next stanza, pings to the server aside, which are answered."""
        while True:
            self._read_until(lambda: self._stanzas, timeout)
            stanza = self._stanzas.pop(0)
            if stanza.find("{urn:xmpp:ping}ping") is None:
                return stanza
            self.send(f"<iq type='result' id='{stanza.get('id')}' from='{stanza.get('to')}' "
                      f"to='{stanza.get('from')}'/>")

    def answer(self, key, timeout=20):
        """The answer to the IQ with the id `key`; what came before it is dropped."""
        while True:
            stanza = self.stanza(timeout)
            if local_name(stanza) == "iq" and stanza.get("id") == key:
                return stanza

    def ask(self, kind, content, key="ask", sender="alice@localhost/desk", to=SERVICE):
        """Sends an IQ, returns its answer."""
        self.send(iq(kind, content, key, sender, to))
        return self.answer(key)

    def wait_for_end(self, timeout=20):
        """Returns when the peer has closed the connection."""
        self._read_until(lambda: self.ended, timeout)

    def count_until(self, mark, count, timeout):
        """How often `mark` comes in what follows, read without parsing: the stream's end for us."""
        deadline = time.monotonic() + timeout
        found, tail = 0, b""
        while found < count and time.monotonic() < deadline:
            self._connection.settimeout(max(0.001, deadline - time.monotonic()))
            data = tail + self._connection.recv(1 << 20)
            found += data.count(mark)
            tail = data[len(data) - len(mark) + 1:]
        return found

    def namespaces_declared(self):
        """The prefixes declared anywhere in what was received, with their namespaces."""
        return dict(re.findall(rb"xmlns:([\w.-]+)=['\"]([^'\"]*)['\"]", self.received))

    def close(self):
        self._connection.close()

    def _read_until(self, condition, timeout):
        deadline = time.monotonic() + timeout
        while not condition():
            if self.ended:
                raise ConnectionError("the stream has ended")
            self._connection.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._connection.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                self.ended = True
                continue
            self.received += data
            self._parser.feed(data)
            self._take_events()

    def _take_events(self):
        for event, element in self._parser.read_events():
            if event == "start":
                if self._depth == 0:
                    self.header = element
                self._depth += 1
            else:
                self._depth -= 1
                if self._depth == 1:
                    self._stanzas.append(element)
                    self.header.remove(element)


def iq(kind, content, key, sender="alice@localhost/desk", to=SERVICE):
    return f"<iq type='{kind}' id='{key}' from='{sender}' to='{to}'>{content}</iq>"
