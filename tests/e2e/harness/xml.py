"""XML of the tests: names, comparison, and stanza errors in one short notation."""

import xml.etree.ElementTree as ElementTree

PUBSUB = "http://jabber.org/protocol/pubsub"
OWNER = PUBSUB + "#owner"
EVENT = PUBSUB + "#event"
ERRORS = PUBSUB + "#errors"
NODE_CONFIG = PUBSUB + "#node_config"
META_DATA = PUBSUB + "#meta-data"
SUBSCRIBE_OPTIONS = PUBSUB + "#subscribe_options"
SUBSCRIBE_AUTHORIZATION = PUBSUB + "#subscribe_authorization"
COMMANDS = "http://jabber.org/protocol/commands"
DATA = "jabber:x:data"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"

parse = ElementTree.fromstring


def local_name(element):
    return element.tag.rpartition("}")[2]


def namespace(element):
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def canonical(xml):
    """Canonical XML (C14N 2.0) of a text or of an element; prefixes are renamed, white space stays."""
    text = xml if isinstance(xml, str) else ElementTree.tostring(xml, encoding="unicode")
    text = text.replace("\r", "&#13;")  # tostring leaves them bare, and a parser would drop them
    return ElementTree.canonicalize(text, rewrite_prefixes=True)


def child(element, *path):
    """The descendant reached by (namespace, name) pairs; None when one is missing."""
    for where, name in path:
        element = element.find(f"{{{where}}}{name}") if element is not None else None
    return element


def error_of(stanza):
    """A stanza error as `type/condition + pubsub-condition(feature)`; None when it is no error.

    As the tables of the specification write it: "modify/bad-request + nodeid-required",
    "cancel/feature-not-implemented + unsupported(persistent-items)".
    """
    if stanza.get("type") != "error":
        return None
    error = next((each for each in stanza if local_name(each) == "error"), None)
    if error is None:
        return "no error element"
    defined = [each for each in error
               if namespace(each) == STANZAS and local_name(each) != "text"]
    text = f"{error.get('type')}/{'+'.join(local_name(each) for each in defined)}"
    for each in error:
        if namespace(each) == ERRORS:
            feature = each.get("feature")
            text += f" + {local_name(each)}" + (f"({feature})" if feature else "")
    return text


def form_values(element):
    """The fields of the first data form inside `element`: name → list of values."""
    form = next(element.iter(f"{{{DATA}}}x"))
    return {field.get("var"): [value.text or "" for value in field.findall(f"{{{DATA}}}value")]
            for field in form.findall(f"{{{DATA}}}field") if field.get("var")}
