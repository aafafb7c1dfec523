"""The fixtures: each test that names `server`, or anything that needs one, runs on both servers."""

import itertools

import pytest

from harness.client import Component, Session, User
from harness.crier import PROGRAM, CommandLine, Crier
from harness.ejabberd import Ejabberd
from harness.prosody import Prosody
from harness.server import SPARE_SERVICE
from harness.stub import StubServer

SERVERS = {"prosody": Prosody, "ejabberd": Ejabberd}


def pytest_addoption(parser):
    parser.addoption("--server", choices=sorted(SERVERS), action="append",
                     help="run on this server only")


def pytest_generate_tests(metafunc):
    if "server" in metafunc.fixturenames:
        names = metafunc.config.getoption("--server") or ["prosody", "ejabberd"]
        metafunc.parametrize("server", names, indirect=True, scope="session")


def pytest_sessionstart(session):
    if not PROGRAM.exists() and not session.config.option.collectonly:
        pytest.exit(f"{PROGRAM} does not exist: build it, or name its directory in CRIER_BUILD", 2)


@pytest.fixture(scope="session")
def server(request, tmp_path_factory):
    """A private server for the whole session."""
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def other_server(server, tmp_path):
    """A server of the same kind that a test may restart."""
    with type(server)(tmp_path / "server") as running:
        yield running


@pytest.fixture(scope="session")
def session_service(server, tmp_path_factory):
    crier = Crier(tmp_path_factory.mktemp("crier"), server.component_address)
    crier.start()
    Session.relies_on = crier
    yield crier
    Session.relies_on = None
    crier.close()


@pytest.fixture
def service(session_service):
    """The crier that tests share; a test that ends it fails, and the next one gets it again."""
    yield session_service
    if not session_service.process.running:
        status, said = session_service.process.status, session_service.process.tail()
        session_service.start()
        pytest.fail(f"crier ended with status {status}: {said}")


def _session_user(name):
    @pytest.fixture(scope="session", name=f"session_{name}")
    def connect(server):
        user = User(server, name)
        yield user
        user.close()
    return connect


def _user(name):
    @pytest.fixture(name=name)
    def use(request, service):
        user = request.getfixturevalue(f"session_{name}")
        user.take_messages()
        user.others.clear()
        yield user
        if service.process.running:
            user.settle()
    return use


session_alice, session_bob, session_carol, session_dave = map(
    _session_user, ("alice", "bob", "carol", "dave"))
alice, bob, carol, dave = map(_user, ("alice", "bob", "carol", "dave"))


@pytest.fixture(scope="session")
def sink(server):
    """A component with as many addresses as a test wants."""
    component = Component(server)
    yield component
    component.close()


_numbers = itertools.count(1)


@pytest.fixture
def node(request):
    """The name of a node that does not exist yet."""
    return f"{request.node.originalname} {next(_numbers)}"


@pytest.fixture
def make_crier(tmp_path):
    """Starts criers of the test's own; ends them afterwards."""
    made = []

    def make(address, directory="crier", **options):
        options.setdefault("domain", SPARE_SERVICE)
        made.append(Crier(tmp_path / directory, address, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()
        assert not each.has_crashed()


@pytest.fixture
def stub():
    """The server's side of the component protocol, played by the test."""
    listening = StubServer()
    yield listening
    listening.close()


@pytest.fixture
def command_line(server, service, tmp_path):
    """The command line as alice."""
    return CommandLine(server, tmp_path)
