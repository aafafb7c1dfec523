"""crier's own stream (XEP-0114), byte by byte: the server is played by the test."""

import contextlib
import re
import threading
import time

import pytest

from harness.crier import Crier
from harness.pubsub import create, delete, event_items, item, item_payloads, items, publish, subscribe
from harness.server import SERVICE
from harness.stub import StubServer, iq
from harness.xml import DISCO_INFO, canonical, error_of, local_name
from test_payload import LARGE

INFO = f"<query xmlns='{DISCO_INFO}'/>"
BOB = "bob@localhost/desk"
MEGABYTE = 1024 * 1024


@pytest.fixture
def crier(stub, tmp_path):
    """A crier that connects to the stub."""
    started = Crier(tmp_path, stub.address)
    started.launch()
    yield started
    started.close()


@pytest.fixture
def stream(stub, crier):
    accepted = stub.accept_component()
    yield accepted
    accepted.close()


def test_xep0114_3_handshake(stub, crier):
    stream = stub.accept()
    stream.open()
    assert stream.header.tag == "{http://etherx.jabber.org/streams}stream"
    assert stream.header.get("to") == SERVICE
    assert b"jabber:component:accept" in stream.received
    assert re.fullmatch("[0-9a-f]{40}", stream.handshake())
    stream.send("<handshake/>")
    crier.wait_until_ready()
    assert error_of(stream.ask("get", INFO)) is None


def test_a_refused_secret_is_told_once_and_tried_again(stub, crier):
    stream = stub.accept()
    stream.open()
    stream.handshake()
    stream.send("<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "</stream:error></stream:stream>")
    stream.close()
    assert "secret" in crier.process.wait_for_line("not-authorized").text
    stub.accept_component(timeout=60)
    crier.wait_until_ready()
    assert sum("not-authorized" in line for line in crier.process.lines()) == 1


def test_sigterm_closes_the_stream(stream, crier):
    crier.wait_until_ready()
    stream.send(iq("set", create("n"), "c"))
    stream.answer("c")
    assert crier.stop() == 0
    stream.wait_for_end()
    assert stream.received.rstrip().endswith(b"</stream:stream>")


def test_sigterm_is_heard_while_requests_never_cease(stream, crier):
    stream.ask("set", create("n"))
    many = "".join(iq("set", publish("n", item("<e xmlns='urn:e'/>", "i")), f"p{number}")
                   for number in range(500)).encode()
    ended = threading.Event()

    def flood():
        with contextlib.suppress(OSError):
            while not ended.is_set():
                stream.send(many)

    statuses = []
    flooding = threading.Thread(target=flood)
    stopping = threading.Timer(1, lambda: statuses.append(crier.stop()))
    flooding.start()
    stopping.start()
    assert stream.count_until(b"</stream:stream>", 1, timeout=30) == 1
    ended.set()
    stopping.join()
    stream.close()
    flooding.join()
    assert statuses == [0]


def test_requests_before_sigterm_are_answered(stream, crier):
    stream.ask("set", create("n"))
    for number in range(200):
        stream.send(iq("set", publish("n", item("<e xmlns='urn:e'/>", f"i{number}")), f"p{number}"))
    stream.answer("p0")
    assert crier.stop() == 0
    stream.wait_for_end()
    answered = set(re.findall(rb"id=['\"]p(\d+)['\"]", stream.received))
    assert answered, "nothing of what was read was answered"


MALFORMED = {
    "tags that do not match": "<iq></message>",
    "an ampersand": "<message>&</message>",
    "an undeclared prefix": "<message><x:y/></message>",
    "a byte that is no UTF-8": b"<message><body>\xff</body></message>",
    "an attribute twice": "<iq id='1' id='2'/>",
    "a document type": "<!DOCTYPE a [<!ENTITY b 'c'>]><message><body>&b;</body></message>",
    "an entity": "<message><body>&undefined;</body></message>",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_rfc6120_4_9_malformed_xml_ends_the_stream_and_a_new_one_follows(
        stub, stream, crier, name):
    crier.wait_until_ready()
    stream.send(MALFORMED[name])
    stream.wait_for_end()
    assert b"stream:error" in stream.received
    again = stub.accept_component(timeout=60)
    assert error_of(again.ask("get", INFO)) is None
    assert crier.process.running


TOO_MUCH = {
    "a payload of 3 MB": "<e xmlns='urn:e'>" + "x" * (3 * MEGABYTE) + "</e>",
    "3 MB of elements": "<e xmlns='urn:e'>" + "<f/>" * (768 * 1024) + "</e>",
    "600 levels": "<l xmlns='urn:l'>" * 600 + "</l>" * 600,
    "100,000 levels": "<l xmlns='urn:l'>" * 100000 + "</l>" * 100000,
    "100,000 attributes": "<e xmlns='urn:e' " + "".join(f"a{n}='' " for n in range(100000)) + "/>",
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_over_a_limit_is_refused_and_the_stream_goes_on(stub, stream, crier, name):
    assert error_of(stream.ask("set", create("n"))) is None
    answer = stream.ask("set", publish("n", item(TOO_MUCH[name], "1")))
    assert answer.get("type") == "error" and answer.get("from") == SERVICE
    assert item_payloads(stream.ask("get", items("n"))) == {}
    assert error_of(stream.ask("set", publish("n", item("<e xmlns='urn:e'/>", "2")))) is None
    assert crier.process.running


def test_stanzas_may_come_byte_by_byte(stream):
    text = iq("set", create("größe 𝄞"), "c") + iq("get", INFO, "i")
    data = text.encode()
    for at in range(len(data)):
        stream.send(data[at:at + 1])
    assert error_of(stream.answer("c")) is None
    assert error_of(stream.answer("i")) is None


EXACT = {
    "white space in attributes": "<e xmlns='urn:e' a='1&#10;2&#9;3&#13;4'/>",
    "a carriage return": "<e xmlns='urn:e'>a&#13;&#10;b&#13;c</e>",
    "a non-character": "<e xmlns='urn:e'>\ufffd \u2028 \u00a0</e>",
    "namespace with markup": "<e xmlns='urn:a&amp;b&lt;&apos;&quot;'/>",
}


@pytest.mark.parametrize("name", EXACT)
def test_payloads_are_exact(stream, name):
    stream.ask("set", create("n"))
    stream.ask("set", subscribe("n", BOB), sender=BOB)
    stream.send(iq("set", publish("n", item(EXACT[name], "1")), "p"))
    notification = None
    while notification is None:
        stanza = stream.stanza()
        if local_name(stanza) == "message":
            notification = stanza
    assert canonical(event_items(notification)[0][0]) == canonical(EXACT[name])
    stored = item_payloads(stream.ask("get", items("n")))["1"]
    assert canonical(stored) == canonical(EXACT[name])


def test_prefixes_that_only_content_uses_are_kept(stream):
    """Qualified names in values (XML Schema, XPath) rest on declarations that no name uses."""
    payload = ("<e xmlns='urn:e' xmlns:xs='http://www.w3.org/2001/XMLSchema' type='xs:string'>"
               "<path xmlns:q='urn:q'>q:a/q:b</path></e>")
    stream.ask("set", create("n"))
    stream.ask("set", publish("n", item(payload, "1")))
    stream.received = b""
    stream.ask("get", items("n"))
    declared = stream.namespaces_declared()
    assert declared.get(b"xs") == b"http://www.w3.org/2001/XMLSchema"
    assert declared.get(b"q") == b"urn:q"


def test_prefixes_declared_on_the_stanza_are_kept(stream):
    stream.ask("set", create("n"))
    stream.send(f"<iq type='set' id='p' from='alice@localhost/desk' to='{SERVICE}' "
                "xmlns:ps='http://jabber.org/protocol/pubsub' xmlns:x='urn:x'>"
                "<ps:pubsub><ps:publish node='n'><ps:item id='1'><x:e x:a='1'><x:f/></x:e></ps:item>"
                "</ps:publish></ps:pubsub></iq>")
    assert error_of(stream.answer("p")) is None
    stored = item_payloads(stream.ask("get", items("n")))["1"]
    assert canonical(stored) == canonical("<x:e xmlns:x='urn:x' x:a='1'><x:f/></x:e>")


def test_an_attribute_of_another_namespace_is_not_the_sender(stream):
    stream.ask("set", create("n"))
    stream.send(f"<iq type='set' id='d' from='{BOB}' to='{SERVICE}' xmlns:p='urn:p' "
                f"p:from='alice@localhost/desk' p:type='get'>{delete('n')}</iq>")
    assert error_of(stream.answer("d")) == "auth/forbidden"


def test_an_iq_without_a_sender_or_an_id_harms_nothing(stream, crier):
    stream.send(f"<iq type='get' id='x' to='{SERVICE}'>{INFO}</iq>")
    stream.send(f"<iq type='get' from='{BOB}' to='{SERVICE}'>{INFO}</iq>")
    stream.send(f"<iq from='{BOB}' to='{SERVICE}' id='y'>{INFO}</iq>")
    stream.send(f"<iq type='get' from='@' to='{SERVICE}' id='z'>{INFO}</iq>")
    assert error_of(stream.ask("get", INFO)) is None
    assert crier.process.running


@pytest.mark.parametrize("name", LARGE)
def test_the_next_request_is_answered_in_under_100_ms(stream, name):
    """Two stanzas in one go: the second one's answer waits for the first one's work alone."""
    stream.ask("set", create("n"))
    seconds = []
    for number in range(5):
        stream.send(iq("set", publish("n", item(LARGE[name], "1")), f"large{number}"))
        before = time.monotonic()
        stream.send(iq("get", INFO, f"small{number}", sender=BOB))
        assert error_of(stream.answer(f"small{number}")) is None
        seconds.append(time.monotonic() - before)
    assert sorted(seconds)[2] < 0.1, seconds


def test_memory_is_bounded_while_the_server_does_not_read(stream, crier):
    """20 publishes to 10,000 subscribers, and nobody reads: 30 MB wait as 20 payloads."""
    subscribers = 10000
    assert error_of(stream.ask("get", INFO)) is None
    idle = crier.process.resident_bytes()
    stream.ask("set", create("n", max_items="100"))
    for start in range(0, subscribers, 500):
        for number in range(start, start + 500):
            who = f"s{number}@example.org"
            stream.send(iq("set", subscribe("n", who), f"s{number}", sender=who))
        assert error_of(stream.answer(f"s{start + 499}")) is None
    for number in range(20):
        stream.send(iq("set", publish("n", item(f"<e xmlns='urn:e'>{'x' * 1000}</e>",
                                                f"i{number}")), f"p{number}"))
    highest = 0
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        highest = max(highest, crier.process.resident_bytes())
        time.sleep(0.02)
    received = stream.count_until(b"<message", 20 * subscribers, timeout=120)
    highest = max(highest, crier.process.resident_bytes())
    assert received == 20 * subscribers
    assert highest - idle < 50 * MEGABYTE, f"{(highest - idle) / MEGABYTE:.1f} MB above idle"


def test_ipv6(tmp_path):
    stub = StubServer("::1")
    crier = Crier(tmp_path, stub.address)
    try:
        crier.launch()
        assert error_of(stub.accept_component().ask("get", INFO)) is None
    finally:
        crier.close()
        stub.close()
