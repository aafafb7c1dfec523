"""Every use case that aioxmpp's PubSubClient offers, against the service; the status is 0 when all
went well.

    aioxmpp_client.py HOST PORT JID PASSWORD SERVICE NODE
"""

import asyncio
import sys

import aioxmpp
from aioxmpp import pubsub, xso


class Entry(xso.XSO):
    """The payload of the tests."""
    TAG = ("http://www.w3.org/2005/Atom", "entry")
    title = xso.ChildText(("http://www.w3.org/2005/Atom", "title"))


for payloads in (pubsub.xso.Item, pubsub.xso.EventItem):
    payloads.register_child(payloads.registered_payload, Entry)


def entry(title):
    made = Entry()
    made.title = title
    return made


def connect(host, port, jid, password):
    security = aioxmpp.make_security_layer(password, no_verify=True)
    address = (host, int(port), aioxmpp.connector.STARTTLSConnector())
    return aioxmpp.PresenceManagedClient(aioxmpp.JID.fromstr(jid), security,
                                         override_peer=[address])


def ids(answer):
    return [item.id_ for item in answer.payload.items]


async def tell_story(client, service, node):
    desk = client.summon(aioxmpp.PubSubClient)
    own = client.local_jid.bare()
    published, retracted = asyncio.Queue(), asyncio.Queue()
    desk.on_item_published.connect(
        lambda jid, name, item, **_: published.put_nowait((name, item.id_)) and False)
    desk.on_item_retracted.connect(
        lambda jid, name, id_, **_: retracted.put_nowait((name, id_)) and False)

    features = await desk.get_features(service)
    assert pubsub.xso.Feature.PUBLISH in features, features
    await desk.create(service, node)
    assert await desk.create(service), "no name for an instant node"
    assert node in [name for name, _ in await desk.get_nodes(service)]

    subscribed = await desk.subscribe(service, node)
    assert subscribed.payload.jid == own, subscribed.payload.jid
    assert [each.node for each in (await desk.get_subscriptions(service)).subscriptions
            if each.node == node] == [node]

    await desk.publish(service, node, entry("one"), id_="1")
    await desk.publish(service, node, entry("two"), id_="2")
    assert [await asyncio.wait_for(published.get(), 10) for _ in "12"] == [(node, "1"), (node, "2")]
    assert ids(await desk.get_items(service, node)) == ["1", "2"]
    assert ids(await desk.get_items(service, node, max_items=1)) == ["2"]
    assert ids(await desk.get_items_by_id(service, node, ["1"])) == ["1"]
    await desk.retract(service, node, "1", notify=True)
    assert await asyncio.wait_for(retracted.get(), 10) == (node, "1")

    config = await desk.get_node_config(service, node)
    form = pubsub.NodeConfigForm.from_xso(config)
    form.access_model.value = "whitelist"
    await desk.set_node_config(service, form.render_reply(), node)
    again = pubsub.NodeConfigForm.from_xso(await desk.get_node_config(service, node))
    assert again.access_model.value == "whitelist", again.access_model.value

    friend = aioxmpp.JID.fromstr("friend@elsewhere.example")
    await desk.change_node_affiliations(service, node, [(friend, "member")])
    listed = (await desk.get_node_affiliations(service, node)).payload.affiliations
    assert {(str(each.jid), each.affiliation) for each in listed} == {
        (str(own), "owner"), (str(friend), "member")}
    await desk.change_node_subscriptions(service, node, [(friend, "subscribed")])
    listed = (await desk.get_node_subscriptions(service, node)).payload.subscriptions
    assert str(friend) in {str(each.jid) for each in listed}

    options = await desk.get_subscription_config(service, node)
    fields = {field.var: field for field in options.fields}
    assert fields["pubsub#deliver"].values[:] == ["1"]
    await desk.purge(service, node)
    assert ids(await desk.get_items(service, node)) == []
    await desk.unsubscribe(service, node)
    await desk.delete(service, node)


async def main(host, port, jid, password, service, node):
    client = connect(host, port, jid, password)
    async with client.connected():
        await asyncio.wait_for(tell_story(client, aioxmpp.JID.fromstr(service), node), 60)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
    print("all went well")
