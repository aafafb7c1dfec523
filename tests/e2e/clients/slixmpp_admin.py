"""slixmpp as an ad-hoc client (XEP-0050) of an administrator: forms are filled in as they come."""

import asyncio
import sys

import slixmpp
from slixmpp.exceptions import IqError

HOST, PORT, JID, PASSWORD, SERVICE, NODE = sys.argv[1:]
CRIER = "urn:crier:command:"


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(JID, PASSWORD, sasl_mech="PLAIN")
        self["feature_mechanisms"].unencrypted_plain = True
        for plugin in ("xep_0004", "xep_0030", "xep_0050", "xep_0122"):
            self.register_plugin(plugin)
        self.started = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.started.set())

    async def submit(self, name, stage=None, action="execute", **values):
        """Submits the form of `stage` with all its fields, `values` among them."""
        form = None
        if stage is not None:
            form = self["xep_0004"].make_form("submit")
            for var, field in stage["form"].get_fields().items():
                form.add_field(var, field["type"], value=values.get(var, field["value"]))
        answer = await self["xep_0050"].send_command(
            SERVICE, name, action=action, payload=form,
            sessionid=stage["sessionid"] if stage is not None else None)
        return answer["command"]

    async def run_command(self, name, **values):
        stage = await self.submit(name)
        assert stage["status"] == "executing" and stage["actions"] == {"complete"}, stage
        done = await self.submit(name, stage, "complete", **values)
        assert done["status"] == "completed", done
        return done

    async def delete(self):
        """Every stage, and one step back."""
        first = await self.submit(CRIER + "delete-node")
        assert first["actions"] == {"next"}
        assert first["form"].get_fields()["node"]["required"]
        second = await self.submit(CRIER + "delete-node", first, "next", node=NODE)
        assert second["actions"] == {"prev", "complete"} and NODE in second["form"]["instructions"]
        again = await self.submit(CRIER + "delete-node", second, "prev")
        assert again["form"].get_fields()["node"]["value"] == NODE
        second = await self.submit(CRIER + "delete-node", again, "next")
        done = await self.submit(CRIER + "delete-node", second, "complete", confirm=True)
        assert done["notes"] == [("info", f"The node {NODE} is deleted.")], done

    async def run(self):
        self.connect((HOST, int(PORT)), disable_starttls=True)
        await asyncio.wait_for(self.started.wait(), 20)
        self.send_presence()
        listed = await self["xep_0050"].get_commands(SERVICE)
        offered = {node for _, node, _ in listed["disco_items"]["items"]}
        assert offered >= {CRIER + "create-node", "http://jabber.org/protocol/admin#announce"}

        await self.run_command(CRIER + "create-node", node=NODE, **{"pubsub#title": "News"})
        nodes = await self.run_command(CRIER + "list-nodes", filter=NODE)
        rows = nodes["form"].get_items()
        assert [(row["node"], row["title"]) for row in rows] == [(NODE, "News")], rows
        try:
            await self.run_command(CRIER + "list-nodes", max="0")
            raise AssertionError("a page without entries")
        except IqError as error:
            assert "field max" in error.iq["error"]["text"]
        await self.delete()
        log = await self.run_command(CRIER + "audit", node=NODE)
        assert [row["action"] for row in log["form"].get_items()] == ["delete", "create"]
        assert log["form"].get_items()[0]["by"] == self.boundjid.full
        await self.run_command(CRIER + "log-level", level="debug")
        await self["xep_0030"].get_info(SERVICE)
        await self.disconnect()


client = Client()
client.loop.run_until_complete(client.run())
print("all went well")
