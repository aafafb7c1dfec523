#!/usr/bin/python3
"""The main job of crier, shown on a private server: what scripts/demo runs after the build."""

import argparse
import shutil
import signal
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from harness.client import Refused, User
from harness.crier import PROGRAM, Crier
from harness.ejabberd import Ejabberd
from harness.process import ProcessFailed
from harness.prosody import Prosody
from harness.pubsub import create, event_items, item, item_payloads, items, publish, subscribe
from harness.server import DOMAIN, SERVICE, USERS
from harness.xml import canonical

NODE = "princely_musings"
ITEM = "ae890ac52d0df67ed7cfdf51b644e901"
ATOM = "http://www.w3.org/2005/Atom"
ENTRY = f"""<entry xmlns='{ATOM}' xml:lang='en'>
  <title>Soliloquy</title>
  <summary>To be, or not to be: that is the question: 𝄞</summary>
  <link rel='alternate' type='text/html' href='http://denmark.example/2003/12/13/atom03'/>
  <id>tag:denmark.example,2003:entry-32397</id>
  <published>2003-12-13T18:30:02Z</published>
  <updated>2003-12-13T18:30:02Z</updated>
</entry>"""
SERVERS = {"prosody": Prosody, "ejabberd": Ejabberd}

ElementTree.register_namespace("", ATOM)


def say(who, what):
    print(f"{who:>8}  {what}", flush=True)


def show(element):
    for line in ElementTree.tostring(element, encoding="unicode").strip().splitlines():
        print(f"{'':>8}  | {line}")


def check(promise, holds):
    if not holds:
        raise AssertionError(f"not so: {promise}")
    say("", f"✓ {promise}")


def tell_story(server, crier):
    """Create, subscribe, publish, be notified, kill -9, and read it back."""
    alice, bob = User(server, "alice"), User(server, "bob")
    say("alice", f"connected as {alice.jid}")
    say("bob", f"connected as {bob.jid}")
    alice.set(create(NODE, title="Princely Musings"))
    say("alice", f"created the node {NODE} on {SERVICE}")
    bob.set(subscribe(NODE, bob.bare))
    say("bob", f"subscribed to it as {bob.bare}")
    alice.set(publish(NODE, item(ENTRY, ITEM)))
    say("alice", f"published an Atom entry as item {ITEM}")
    notified = event_items(bob.wait_for_message())[0]
    say("bob", f"was notified of item {notified.get('id')}:")
    show(notified[0])
    check("the entry arrived exactly as it was published",
          canonical(notified[0]) == canonical(ENTRY))
    crier.kill()
    say("crier", "killed with SIGKILL")
    seconds = crier.start()
    say("crier", f"started again, ready after {seconds:.2f} s")
    stored = item_payloads(bob.get(items(NODE, ITEM)))
    say("bob", f"read back item {', '.join(stored) or '(none)'}")
    check("the entry is still there, and exact",
          ITEM in stored and canonical(stored[ITEM]) == canonical(ENTRY))
    alice.close()
    bob.close()


def tell_how_to_connect(server, crier, directory):
    accounts = "\n            ".join(
        f"{name}@{DOMAIN}, password: {word}" for name, word in USERS.items())
    print(f"""
Everything keeps running. Connect any XMPP client:
  server    {server.host}, port {server.client_port}, domain {DOMAIN}
            (STARTTLS with the certificate {server.certificate}, or unencrypted)
  service   {SERVICE}
  accounts  {accounts}

Or the command line:
  echo "{USERS['alice']}" > {directory}/alice
  {PROGRAM} item list {NODE} --jid alice@{DOMAIN} --password-file {directory}/alice \\
      --host {server.host}:{server.client_port} --service {SERVICE} --insecure

Logs and data are in {directory}. To end it:
  kill {crier.process.pid} {server.process.pid}; sleep 2; rm -r {directory}""")


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--server", choices=sorted(SERVERS), default="prosody")
    parser.add_argument("--keep", action="store_true",
                        help="leave everything running, and say how to connect")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = Path(tempfile.mkdtemp(prefix="crier-demo-"))
    server = crier = None
    keep_running, keep_files = arguments.keep, arguments.keep
    try:
        server = SERVERS[arguments.server](directory / arguments.server, arguments.keep)
        server.start()
        say(server.name, f"runs on {server.host}, clients on port {server.client_port}")
        crier = Crier(directory / "crier", server.component_address, outlives=arguments.keep)
        say("crier", f"serves {SERVICE}, ready after {crier.start():.2f} s")
        tell_story(server, crier)
        if arguments.keep:
            tell_how_to_connect(server, crier, directory)
        else:
            check("crier ends with status 0 when asked to", crier.stop() == 0)
            print("That was all. scripts/demo --keep leaves it running for you.")
        return 0
    except (AssertionError, ProcessFailed, ConnectionError, TimeoutError, Refused) as failure:
        keep_running, keep_files = False, True
        print(f"demo failed: {failure}\nlogs: {directory}", file=sys.stderr)
        return 1
    finally:
        if not keep_running:
            for running in (crier, server):
                if running:
                    running.close()
        if not keep_files:
            shutil.rmtree(directory)


if __name__ == "__main__":
    sys.exit(main())
