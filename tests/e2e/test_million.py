"""Start-up does not depend on the size of the database: a million items."""

import pytest

from harness.crier import Crier
from harness.pubsub import create, item, item_ids, items, publish
from harness.server import SPARE_SERVICE
from harness.stub import StubServer, iq
from harness.xml import error_of, local_name

ITEMS = 1_000_000
PER_REQUEST = 100
NODES = 10
IN_FLIGHT = 20


def requests():
    """A million items of some 200 bytes, over ten nodes."""
    for number in range(0, ITEMS, PER_REQUEST):
        batch = (item(f"<e xmlns='urn:e'>{key:0150}</e>", f"i{key}")
                 for key in range(number, number + PER_REQUEST))
        yield f"node {number // PER_REQUEST % NODES}", batch


@pytest.fixture(scope="session")
def million(tmp_path_factory):
    """The directory of a crier that was given a million items through its own stream."""
    directory = tmp_path_factory.mktemp("million")
    stub = StubServer()
    crier = Crier(directory, stub.address, domain=SPARE_SERVICE)
    crier.launch()
    stream = stub.accept_component()

    def wait_for_answer():
        while local_name(stanza := stream.stanza(timeout=120)) != "iq":
            pass
        assert error_of(stanza) is None, error_of(stanza)

    for number in range(NODES):
        request = create(f"node {number}", max_items="max")
        assert error_of(stream.ask("set", request, to=SPARE_SERVICE)) is None
    waiting = 0
    for number, (node, batch) in enumerate(requests()):
        stream.send(iq("set", publish(node, *batch), f"p{number}", to=SPARE_SERVICE))
        waiting += 1
        if waiting == IN_FLIGHT:
            wait_for_answer()
            waiting -= 1
    for _ in range(waiting):
        wait_for_answer()
    assert crier.stop() == 0
    stub.close()
    return directory


def test_ready_in_a_second_with_a_million_items(server, alice, million):
    """After SIGKILL too, when the write-ahead log is read again."""
    crier = Crier(million, server.component_address, domain=SPARE_SERVICE)
    seconds = []
    try:
        for attempt in range(3):
            seconds.append(crier.start(timeout=60))
            for number in range(NODES):
                request = publish(f"node {number}", item("<e xmlns='urn:e'/>", f"new {attempt}"))
                alice.set(request, to=SPARE_SERVICE)
            crier.kill()
        seconds.append(crier.start(timeout=60))
        last = f"i{ITEMS - 1}"
        answer = alice.get(items(f"node {NODES - 1}", last), to=SPARE_SERVICE)
        assert item_ids(answer) == [last]
    finally:
        crier.close()
    assert sorted(seconds)[1] < 1, seconds
