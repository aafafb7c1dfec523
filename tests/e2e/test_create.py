"""XEP-0060 §8.1: creating nodes."""

from harness.pubsub import (affiliations_in, create, form, get_configuration, owner_affiliations,
                            pubsub, publish, item, ATOM)
from harness.xml import NODE_CONFIG, OWNER, PUBSUB, child, error_of, form_values


def test_8_1_1_a_named_node(alice, node):
    assert error_of(alice.ask("set", create(node))) is None
    assert error_of(alice.ask("get", get_configuration(node))) is None


def test_8_1_1_the_creator_becomes_owner(alice, node):
    alice.set(create(node))
    assert affiliations_in(alice.get(owner_affiliations(node))) == {alice.bare: "owner"}


def test_8_1_1_the_name_is_taken(alice, bob, node):
    alice.set(create(node))
    assert bob.refused("set", create(node)) == "cancel/conflict"
    assert alice.refused("set", create(node)) == "cancel/conflict"


def test_8_1_1_who_may_not_create(sink, service, node):
    stranger = f"somebody@{sink.domain}"
    assert sink.refused("set", create(node), sender=stranger) == "auth/forbidden"


def test_8_1_1_instant_nodes_get_a_name_each(alice):
    names = []
    for _ in range(2):
        created = child(alice.set(create()), (PUBSUB, "pubsub"), (PUBSUB, "create"))
        names.append(created.get("node"))
    assert all(names) and names[0] != names[1]
    for name in names:
        assert affiliations_in(alice.get(owner_affiliations(name))) == {alice.bare: "owner"}


def test_8_1_2_an_empty_configure_means_the_default(alice, node):
    alice.set(pubsub(f"<create node='{node}'/><configure/>"))
    other = f"{node}, with nothing said"
    alice.set(create(other))
    assert form_values(alice.get(get_configuration(node))) == \
        form_values(alice.get(get_configuration(other)))


def test_8_1_3_with_configuration(alice, node):
    alice.set(create(node, title="Hamlet", access_model="whitelist", max_items="3"))
    values = form_values(alice.get(get_configuration(node)))
    assert values["FORM_TYPE"] == [NODE_CONFIG]
    assert values["pubsub#title"] == ["Hamlet"]
    assert values["pubsub#access_model"] == ["whitelist"]
    assert values["pubsub#max_items"] == ["3"]


def test_8_1_2_an_access_model_that_does_not_exist(alice, node):
    assert alice.refused("set", create(node, access_model="moonlight")) == \
        "modify/not-acceptable + unsupported-access-model"
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"


def test_8_1_3_an_invalid_value_creates_nothing(alice, node):
    answer = alice.ask("set", create(node, max_items="plenty"))
    assert error_of(answer).startswith("modify/")
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"


def test_8_1_3_configure_before_create(alice, node):
    configure = f"<configure>{form({'title': 'x'})}</configure>"
    assert alice.refused("set", pubsub(f"{configure}<create node='{node}'/>")) == \
        "modify/bad-request"
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"


def test_8_1_3_configure_with_a_node_of_its_own(alice, node):
    configure = f"<configure node='{node}'>{form({'title': 'x'})}</configure>"
    assert alice.refused("set", pubsub(f"<create node='{node}'/>{configure}")) == \
        "modify/bad-request"
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"


def test_7_1_4_publishing_to_no_node_creates_it(alice, node):
    alice.set(publish(node, item(ATOM, "1")))
    assert affiliations_in(alice.get(owner_affiliations(node))) == {alice.bare: "owner"}


def test_7_1_3_3_publishing_to_no_node_without_the_right_to_create(sink, service, alice, node):
    stranger = f"somebody@{sink.domain}"
    answer = sink.refused("set", publish(node, item(ATOM, "1")), sender=stranger)
    assert answer in ("cancel/item-not-found", "auth/forbidden")
    assert alice.refused("get", get_configuration(node)) == "cancel/item-not-found"


def test_8_1_nodes_have_names_of_any_characters(alice, node):
    name = f"{node} 'quoted' \"twice\" <&> ünïcödé 𝄞 /slash"
    alice.set(create(name))
    answer = alice.get(get_configuration(name))
    assert child(answer, (OWNER, "pubsub"), (OWNER, "configure")).get("node") == name
