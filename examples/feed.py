#!/usr/bin/python3
"""Publishes entries to a node, or follows a node, with slixmpp: any pubsub service will do.

    examples/feed.py --jid alice@example.org publish news "A title" "What happened"
    examples/feed.py --jid bob@example.org follow news

The service is pubsub.DOMAIN of the address unless --service names it. The password is the first
line of --password-file, or is asked for. On Debian: apt install python3-slixmpp
"""

import argparse
import asyncio
import getpass
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone
from pathlib import Path

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout

ATOM = "http://www.w3.org/2005/Atom"


def atom_entry(title, summary):
    """An Atom entry (RFC 4287) as an element."""
    entry = ElementTree.Element(f"{{{ATOM}}}entry")
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, text in (("title", title), ("summary", summary), ("updated", now)):
        ElementTree.SubElement(entry, f"{{{ATOM}}}{name}").text = text
    return entry


class Client(slixmpp.ClientXMPP):
    """A connection that can speak pubsub."""

    def __init__(self, jid, password, ca_certificates=None):
        super().__init__(jid, password)
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0060")
        self.pubsub = self["xep_0060"]
        if ca_certificates:
            self.ca_certs = ca_certificates
        self.ready = asyncio.Event()
        self.failure = None
        self.add_event_handler("session_start", lambda _: self.ready.set())
        for name in ("failed_auth", "connection_failed", "ssl_invalid_chain", "disconnected"):
            self.add_event_handler(name, lambda event, name=name: self.fail(name, event))

    def fail(self, name, event):
        self.failure = self.failure or f"{name}: {event}"
        self.ready.set()

    async def log_in(self, host, insecure):
        """Connects to `host`, or to where DNS says; ConnectionError when that fails."""
        address = None
        if host:
            name, _, port = host.partition(":")
            address = (name, int(port or 5222))
        self.connect(address, disable_starttls=insecure)
        await self.ready.wait()
        if self.failure:
            raise ConnectionError(self.failure)


async def publish(client, service, arguments):
    """Publishes one entry; the service creates the node if it does not exist."""
    entry = atom_entry(arguments.title, arguments.summary)
    answer = await client.pubsub.publish(service, arguments.node, payload=entry)
    published = answer["pubsub"]["publish"]["item"]["id"]
    print(f"published {published} to {arguments.node}")


async def follow(client, service, arguments):
    """Subscribes to the node and prints each entry that arrives."""
    arrived = asyncio.Queue()
    client.add_event_handler("pubsub_publish", arrived.put_nowait)
    client.add_event_handler("disconnected", lambda _: arrived.put_nowait(None))
    client.send_presence()
    await client.pubsub.subscribe(service, arguments.node)
    print(f"following {arguments.node}", flush=True)
    seen = 0
    while seen != arguments.count:
        message = await arrived.get()
        if message is None:
            raise ConnectionError("the server closed the connection")
        if message["from"] != service or message["pubsub_event"]["items"]["node"] != arguments.node:
            continue
        for item in message["pubsub_event"]["items"]:
            payload = item["payload"]
            title = payload.findtext(f"{{{ATOM}}}title") if payload is not None else None
            print(f"{item['id']}: {title or '(no title)'}", flush=True)
        seen += 1


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--jid", required=True, help="your address: alice@example.org")
    parser.add_argument("--password-file", type=Path, help="its first line is the password")
    parser.add_argument("--service", help="the pubsub service; pubsub.DOMAIN")
    parser.add_argument("--host", metavar="HOST[:PORT]", help="your server, if DNS does not say")
    parser.add_argument("--ca", metavar="FILE", help="trust these certificate authorities (PEM)")
    parser.add_argument("--insecure", action="store_true", help="without TLS; on loopback only")
    commands = parser.add_subparsers(dest="command", required=True)
    publishing = commands.add_parser("publish", help="publish one entry")
    publishing.add_argument("node")
    publishing.add_argument("title")
    publishing.add_argument("summary", nargs="?", default="")
    following = commands.add_parser("follow", help="subscribe, and print what comes")
    following.add_argument("node")
    following.add_argument("--count", type=int, help="end after so many notifications")
    arguments = parser.parse_args()
    host = (arguments.host or "").partition(":")[0]
    if arguments.insecure and host not in ("127.0.0.1", "localhost"):
        parser.error("--insecure is for --host 127.0.0.1")
    return arguments


async def run(arguments):
    jid = slixmpp.JID(arguments.jid)
    service = arguments.service or f"pubsub.{jid.domain}"
    if arguments.password_file:
        password = arguments.password_file.read_text().split("\n")[0]
    else:
        password = getpass.getpass(f"Password for {jid.bare}: ")
    client = Client(jid, password, arguments.ca)
    await client.log_in(arguments.host, arguments.insecure)
    try:
        action = publish if arguments.command == "publish" else follow
        await action(client, service, arguments)
    finally:
        await client.disconnect()


def main():
    try:
        asyncio.run(run(read_arguments()))
    except IqError as error:
        sys.exit(f"refused: {error.condition} {error.text}".rstrip())
    except (IqTimeout, ConnectionError, OSError) as error:
        sys.exit(f"failed: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
