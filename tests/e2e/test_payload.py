"""A payload is carried exactly: in the notification and read back, through a real server."""

import pytest

from harness.pubsub import create, event_items, item, item_payloads, items, publish, subscribe
from harness.xml import canonical, parse

PAYLOADS = {
    "xml:lang": "<e xmlns='urn:e' xml:lang='de-AT'>Grüß Gott<f xml:lang=''/></e>",
    "xlink:href": "<e xmlns='urn:e' xmlns:xlink='http://www.w3.org/1999/xlink' "
                  "xlink:href='https://example.org/?a=1&amp;b=2' href='other'/>",
    "two prefixes of one name": "<a:e xmlns:a='urn:a' xmlns:b='urn:b' a:n='1' b:n='2' n='3'>"
                                "<b:e/><e xmlns='urn:c'/></a:e>",
    "prefix that changes its meaning": "<p:a xmlns:p='urn:1'><p:b xmlns:p='urn:2' p:x='1'>"
                                       "<p:c/></p:b><p:d p:y='2'/></p:a>",
    "no namespace inside": "<e xmlns='urn:e'><f xmlns=''><g/></f></e>",
    "the namespaces of stanzas": "<e xmlns='urn:e'><message xmlns='jabber:client' to='x'/>"
                                 "<iq xmlns='jabber:component:accept'/></e>",
    "mixed content": "<p xmlns='http://www.w3.org/1999/xhtml'> one <b>two</b> three<br/>"
                     "<i> four </i>\tfive\n</p>",
    "white space alone": "<e xmlns='urn:e'>  \n\t <f> </f>\n</e>",
    "four-byte UTF-8": "<e xmlns='urn:e' a='𝄞'>😀 𐍈 \U0010fffd ﷽</e>",
    "markup as text": "<e xmlns='urn:e' a='&lt;&amp;&quot;&apos;&gt;'>&lt;f/&gt; &amp;amp; ]]&gt;"
                      "</e>",
    "character data section": "<e xmlns='urn:e'><![CDATA[<not/> & markup]]></e>",
    "names beyond ASCII": "<größe xmlns='urn:é' ünit='m'>1</größe>",
    "many attributes": "<e xmlns='urn:e' " + " ".join(f"a{n}='{n}'" for n in range(60)) + "/>",
    "a pubsub request": "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                        "<publish node='n'><item id='1'/></publish></pubsub>",
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_7_1_2_1_payloads_are_exact(alice, bob, node, name):
    payload = PAYLOADS[name]
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(payload, "1")))
    expected = canonical(payload)
    assert canonical(event_items(bob.wait_for_message())[0][0]) == expected
    assert canonical(item_payloads(bob.get(items(node, "1")))["1"]) == expected


def deep(levels):
    return "".join(f"<l xmlns='urn:deep' n='{n}'>" for n in range(levels)) + "</l>" * levels


LARGE = {
    "100 levels": deep(100),
    "512 KB": "<e xmlns='urn:e'>" + "0123456789abcdef" * (512 * 64) + "</e>",
    "512 KB of elements": "<e xmlns='urn:e'>" + "<f a='1'>two</f>" * 16384 + "</e>",
    "256 KB of newlines": "<e xmlns='urn:e'>" + "\n" * (256 * 1024) + "</e>",
}


@pytest.mark.parametrize("name", LARGE)
def test_7_1_2_1_large_payloads_are_exact(alice, bob, node, name):
    payload = LARGE[name]
    alice.set(create(node))
    bob.set(subscribe(node, bob.jid))
    alice.set(publish(node, item(payload, "1")))
    expected = canonical(payload)
    assert canonical(event_items(bob.wait_for_message())[0][0]) == expected
    assert canonical(item_payloads(bob.get(items(node)))["1"]) == expected


def test_the_comparison_sees_differences():
    """What all of the above rests on."""
    assert canonical("<a:e xmlns:a='urn:a'/>") == canonical(parse("<e xmlns='urn:a'/>"))
    for other in ("<e/>", "<e xmlns='urn:a'> </e>", "<e xmlns='urn:a' b=''/>", "<e xmlns='urn:b'/>"):
        assert canonical("<e xmlns='urn:a'/>") != canonical(other)
    assert canonical("<e xml:lang='x'/>") != canonical("<e lang='x'/>")
