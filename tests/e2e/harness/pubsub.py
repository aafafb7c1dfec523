"""Requests of XEP-0060 as text, and what is read out of answers and notifications."""

from xml.sax.saxutils import escape, quoteattr

from .xml import DATA, EVENT, NODE_CONFIG, OWNER, PUBSUB, SUBSCRIBE_OPTIONS, child

ATOM = ("<entry xmlns='http://www.w3.org/2005/Atom'><title>Soliloquy</title>"
        "<summary>To be, or not to be: that is the question</summary></entry>")


def attributes(**given):
    return "".join(f" {name}={quoteattr(str(value))}"
                   for name, value in given.items() if value is not None)


def pubsub(content):
    return f"<pubsub xmlns='{PUBSUB}'>{content}</pubsub>"


def owner(content):
    return f"<pubsub xmlns='{OWNER}'>{content}</pubsub>"


def form(fields, form_type=NODE_CONFIG, kind="submit"):
    """A submitted form; names without '#' get the prefix `pubsub#`, but for `x-` names."""
    text = f"<field var='FORM_TYPE' type='hidden'><value>{form_type}</value></field>"
    for name, value in fields.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        full = name if "#" in name or name.startswith("x-") else f"pubsub#{name}"
        text += f"<field var={quoteattr(full)}>"
        text += "".join(f"<value>{escape(str(each))}</value>" for each in values) + "</field>"
    return f"<x xmlns='{DATA}' type='{kind}'>{text}</x>"


def create(node=None, **configuration):
    """§8.1; with configuration fields §8.1.3."""
    text = f"<create{attributes(node=node)}/>"
    if configuration:
        text += f"<configure>{form(configuration)}</configure>"
    return pubsub(text)


def configure(node, **configuration):
    """§8.2.4"""
    return owner(f"<configure{attributes(node=node)}>{form(configuration)}</configure>")


def get_configuration(node):
    """§8.2.1"""
    return owner(f"<configure{attributes(node=node)}/>")


def delete(node):
    """§8.4"""
    return owner(f"<delete{attributes(node=node)}/>")


def purge(node):
    """§8.5"""
    return owner(f"<purge{attributes(node=node)}/>")


def subscribe(node, jid):
    """§6.1"""
    return pubsub(f"<subscribe{attributes(node=node, jid=jid)}/>")


def subscribe_with(node, jid, **options):
    """§6.3.7; names of fields that begin with `x_` stand for `x-`."""
    return pubsub(f"<subscribe{attributes(node=node, jid=jid)}/>"
                  f"<options>{options_form(options)}</options>")


def options_form(options):
    fields = {name.replace("_", "-") if name.startswith("x_") else f"pubsub#{name}": value
              for name, value in options.items()}
    return form(fields, SUBSCRIBE_OPTIONS)


def get_options(node, jid, subid=None):
    """§6.3.2"""
    return pubsub(f"<options{attributes(node=node, jid=jid, subid=subid)}/>")


def set_options(node, jid, subid=None, **options):
    """§6.3.5"""
    return pubsub(f"<options{attributes(node=node, jid=jid, subid=subid)}>"
                  f"{options_form(options)}</options>")


def unsubscribe(node, jid, subid=None):
    """§6.2"""
    return pubsub(f"<unsubscribe{attributes(node=node, jid=jid, subid=subid)}/>")


def item(payload="", id=None):
    return f"<item{attributes(id=id)}>{payload}</item>"


def publish(node, *items):
    """§7.1"""
    return pubsub(f"<publish{attributes(node=node)}>{''.join(items)}</publish>")


def retract(node, id, notify=None):
    """§7.2"""
    return pubsub(f"<retract{attributes(node=node, notify=notify)}>{item(id=id)}</retract>")


def items(node, *ids, max_items=None):
    """§6.5"""
    wanted = "".join(item(id=each) for each in ids)
    return pubsub(f"<items{attributes(node=node, max_items=max_items)}>{wanted}</items>")


def owner_affiliations(node, **changes):
    """§8.9; `changes` maps a JID (pass with **{...}) to an affiliation; none asks for the list."""
    entries = "".join(f"<affiliation{attributes(jid=jid, affiliation=value)}/>"
                      for jid, value in changes.items())
    return owner(f"<affiliations{attributes(node=node)}>{entries}</affiliations>")


def owner_subscriptions(node, **changes):
    """§8.8; `changes` as in owner_affiliations."""
    entries = "".join(f"<subscription{attributes(jid=jid, subscription=value)}/>"
                      for jid, value in changes.items())
    return owner(f"<subscriptions{attributes(node=node)}>{entries}</subscriptions>")


def item_ids(answer):
    """The ids of the items in an answer to `items`, or in the answer to `publish`."""
    return [each.get("id") for each in answer.iter(f"{{{PUBSUB}}}item")]


def item_payloads(answer):
    """id → payload element of the items in an answer to `items`."""
    return {each.get("id"): each[0] for each in answer.iter(f"{{{PUBSUB}}}item") if len(each)}


def affiliations_in(answer):
    """(who or where, affiliation) pairs of an answer, of users (§5.7) or of owners (§8.9.1)."""
    return {(each.get("jid") or each.get("node")): each.get("affiliation")
            for where in (PUBSUB, OWNER) for each in answer.iter(f"{{{where}}}affiliation")}


def subscriptions_in(answer):
    """(node or None, jid, state) of every subscription of an answer."""
    return sorted((each.get("node"), each.get("jid"), each.get("subscription"))
                  for where in (PUBSUB, OWNER) for each in answer.iter(f"{{{where}}}subscription"))


def event_items(message):
    """The `<items/>` element of a notification."""
    return child(message, (EVENT, "event"), (EVENT, "items"))


def notified_ids(message):
    return [each.get("id") for each in message.iter(f"{{{EVENT}}}item")]


def event_of(message):
    """The one child of `<event/>`: items, purge, delete, configuration, subscription."""
    event = child(message, (EVENT, "event"))
    assert event is not None and len(event) == 1, "not a notification with one event"
    return event[0]


def subid_in(answer):
    """The SubID of the one subscription of an answer."""
    return next(answer.iter(f"{{{PUBSUB}}}subscription")).get("subid")


def headers_in(message):
    """(name, value) of the SHIM headers, in order; XEP-0131."""
    return [(each.get("name"), each.text)
            for each in message.iter("{http://jabber.org/protocol/shim}header")]


def subscribe_many(component, node, count, service):
    """Subscribes so many users of the component's domain, whose inbox is empty then; their JIDs."""
    subscribers = [f"subscriber-{number}@{component.domain}" for number in range(count)]
    component.answered.clear()
    answers = component.wait_for_answers(component.pipeline(
        (subscribe(node, jid) for jid in subscribers), to=service, senders=subscribers), 60)
    assert all(answer.get("type") == "result" for answer in answers)
    component.take_messages()
    return subscribers
