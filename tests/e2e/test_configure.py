"""XEP-0060 §8.2 and §8.3: configuring nodes, and the default configuration."""

from harness.pubsub import (ATOM, configure, create, form, get_configuration, item, item_ids, items,
                            owner, publish)
from harness.xml import DATA, NODE_CONFIG, OWNER, child, form_values


def fields_of(user, node):
    return form_values(user.get(get_configuration(node)))


def test_8_2_2_the_form(alice, node):
    alice.set(create(node))
    answer = alice.get(get_configuration(node))
    form_element = child(answer, (OWNER, "pubsub"), (OWNER, "configure"), (DATA, "x"))
    assert form_element.get("type") == "form"
    values = form_values(answer)
    assert values["FORM_TYPE"] == [NODE_CONFIG]
    for name in ("title", "description", "access_model", "publish_model", "max_items",
                 "persist_items", "deliver_payloads", "notify_retract", "notify_delete",
                 "send_last_published_item"):
        assert f"pubsub#{name}" in values, name


def test_8_2_2_the_defaults_that_the_specification_names(alice, node):
    alice.set(create(node))
    values = fields_of(alice, node)
    assert values["pubsub#access_model"] == ["open"]           # §4.5
    assert values["pubsub#publish_model"] == ["publishers"]
    for name in ("persist_items", "deliver_payloads", "notify_retract", "notify_delete"):
        assert values[f"pubsub#{name}"][0] in ("1", "true"), name


def test_8_2_3_2_not_the_owner(alice, bob, node):
    alice.set(create(node))
    assert bob.refused("get", get_configuration(node)) == "auth/forbidden"
    assert bob.refused("set", configure(node, title="mine")) == "auth/forbidden"
    assert fields_of(alice, node).get("pubsub#title", [""]) in ([], [""])


def test_8_2_3_3_no_node_named(alice):
    assert alice.refused("get", owner("<configure/>")) == "modify/bad-request + nodeid-required"


def test_8_2_3_5_no_such_node(alice, node):
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"
    assert alice.refused("set", configure(node, title="x")) == "cancel/item-not-found"


def test_8_2_4_what_is_not_mentioned_stays(alice, node):
    alice.set(create(node, title="Hamlet", max_items="7"))
    alice.set(configure(node, description="A play"))
    values = fields_of(alice, node)
    assert values["pubsub#title"] == ["Hamlet"]
    assert values["pubsub#max_items"] == ["7"]
    assert values["pubsub#description"] == ["A play"]


def test_8_2_4_booleans_have_four_spellings(alice, node):
    alice.set(create(node))
    for text, meant in (("0", False), ("true", True), ("false", False), ("1", True)):
        alice.set(configure(node, deliver_payloads=text))
        assert (fields_of(alice, node)["pubsub#deliver_payloads"][0] in ("1", "true")) == meant


def test_8_2_4_cancelling(alice, node):
    alice.set(create(node, title="Hamlet"))
    alice.set(owner(f"<configure node='{node}'><x xmlns='{DATA}' type='cancel'/></configure>"))
    assert fields_of(alice, node)["pubsub#title"] == ["Hamlet"]


def test_8_2_5_2_an_invalid_value_changes_nothing(alice, node):
    alice.set(create(node, title="Hamlet"))
    for name, value in (("max_items", "-5"), ("publish_model", "moonlight"),
                        ("persist_items", "perhaps"), ("send_last_published_item", "soon")):
        refusal = alice.refused("set", configure(node, title="Ophelia", **{name: value}))
        assert refusal and refusal.startswith("modify/"), name
        assert fields_of(alice, node)["pubsub#title"] == ["Hamlet"], name


def test_8_2_5_2_a_form_of_another_kind(alice, node):
    alice.set(create(node))
    wrong = form({"title": "x"}, form_type="jabber:iq:register")
    refusal = alice.refused("set", owner(f"<configure node='{node}'>{wrong}</configure>"))
    assert refusal and refusal.startswith("modify/")


def test_8_2_lowering_max_items_drops_the_oldest(alice, node):
    alice.set(create(node, max_items="5"))
    for number in range(5):
        alice.set(publish(node, item(ATOM, f"i{number}")))
    alice.set(configure(node, max_items="2"))
    assert item_ids(alice.get(items(node))) == ["i3", "i4"]


def test_16_3_max_items_may_be_max(alice, node):
    alice.set(create(node, max_items="max"))
    assert fields_of(alice, node)["pubsub#max_items"] == ["max"]


def test_8_3_1_the_default_configuration(alice, node):
    answer = alice.get(owner("<default/>"))
    values = form_values(answer)
    assert child(answer, (OWNER, "pubsub"), (OWNER, "default")) is not None
    assert values["FORM_TYPE"] == [NODE_CONFIG]
    alice.set(create(node))
    assert values == fields_of(alice, node)
