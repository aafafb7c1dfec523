"""slixmpp: shows its interest in a node by its capabilities alone (XEP-0060 §9.2, XEP-0115)."""

import asyncio
import sys
from xml.etree import ElementTree as ET

import slixmpp

HOST, PORT, JID, PASSWORD, SERVICE, NODE = sys.argv[1:]


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(JID, PASSWORD, sasl_mech="PLAIN")
        self["feature_mechanisms"].unencrypted_plain = True
        for plugin in ("xep_0030", "xep_0060", "xep_0115"):
            self.register_plugin(plugin)
        self.items = asyncio.Queue()
        self.started = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.started.set())
        self.add_event_handler("pubsub_publish", self.take)

    def take(self, message):
        self.items.put_nowait(message["pubsub_event"]["items"]["item"]["id"])

    async def next_id(self):
        return await asyncio.wait_for(self.items.get(), 20)

    async def publish(self, key):
        await self["xep_0060"].publish(SERVICE, NODE, id=key, payload=ET.Element("{u:e}e"))

    async def run(self):
        self.connect((HOST, int(PORT)), disable_starttls=True)
        await asyncio.wait_for(self.started.wait(), 20)
        form = self["xep_0004"].make_form("submit")
        form.add_field("FORM_TYPE", "hidden",
                       value="http://jabber.org/protocol/pubsub#node_config")
        form.add_field("pubsub#send_last_published_item", value="on_sub_and_presence")
        await self["xep_0060"].create_node(SERVICE, NODE, config=form)
        await self.publish("one")

        await self["xep_0030"].add_feature(f"{NODE}+notify")
        await self["xep_0115"].update_caps()
        self.send_presence(pto=SERVICE)
        assert await self.next_id() == "one"
        await self.publish("two")
        assert await self.next_id() == "two"

        await self["xep_0030"].del_feature(feature=f"{NODE}+notify")
        await self["xep_0115"].update_caps()
        self.send_presence(pto=SERVICE)
        # What was asked for meanwhile is answered before this.
        await self["xep_0030"].get_info(SERVICE)
        await self.publish("three")
        await self["xep_0030"].get_info(SERVICE)
        assert self.items.empty()
        await self["xep_0060"].delete_node(SERVICE, NODE)
        await self.disconnect()


client = Client()
client.loop.run_until_complete(client.run())
print("all went well")
