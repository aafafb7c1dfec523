#include "transfer/import_file.hpp"

#include <crier/fault.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "../../storage/scratch.hpp"
#include "transfer/random_store.hpp"
#include "transfer/store_files.hpp"

namespace crier::transfer::test {

using crier::test::Scratch;

TEST_CASE("XEP-0227 §4.10: what is exported comes back, but for redirects and contacts") {
  for (unsigned seed = 0; seed < 4; ++seed) {
    CAPTURE(seed);
    const Scratch scratch;
    auto records = RandomStore(seed).records();
    import_records(scratch.file("one"), records);
    const auto xml = exported_xep0227(scratch.file("one"));
    write(scratch.file("export"), xml);
    const auto summary =
        imported(scratch.file("two"), scratch.file("export"), {.items_apart = true});
    CHECK(summary.lost.empty());
    std::erase_if(records, [](const Record& record) {
      return std::holds_alternative<RedirectRecord>(record) ||
             std::holds_alternative<ContactRecord>(record);
    });
    CHECK(sorted_lines(exported(scratch.file("two"))) == sorted_lines(lines_of(records)));
    CHECK(exported_xep0227(scratch.file("two")) == xml);
    const auto again = imported(scratch.file("two"), scratch.file("export"), {.items_apart = true});
    CHECK(total(again) == Tally{.unchanged = records.size()});
  }
}

TEST_CASE("XEP-0227 §4.10: a file of another service is read, and what it lacks is made up for") {
  const Scratch scratch;
  write(scratch.file("export"), R"(<?xml version='1.0' encoding='UTF-8'?>
<server-data xmlns='urn:xmpp:pie:0' xmlns:e='u:entry'>
  <host jid='pubsub.a.example'>
    <user name='romeo'><query xmlns='jabber:iq:roster'/></user>
    <o:pubsub xmlns:o='http://jabber.org/protocol/pubsub#owner'>
      <o:configure node='n'>
        <x xmlns='jabber:x:data' type='form'>
          <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field>
          <field var='pubsub#access_model'><value>nobody</value></field>
          <field var='pubsub#title'><value>A title</value></field>
          <field var='other#field'><value>1</value></field>
        </x>
      </o:configure>
      <o:affiliations node='n'>
        <o:affiliation jid='p@b.example' affiliation='publisher'/>
        <o:affiliation jid='o@b.example' affiliation='owner'/>
      </o:affiliations>
      <o:subscriptions node='n'><o:subscription jid='s@b.example' subscription='subscribed'/></o:subscriptions>
    </o:pubsub>
    <pubsub xmlns='http://jabber.org/protocol/pubsub'>
      <items node='n'><item id='1' publisher='p@b.example/x'><e:a/></item><item id='2'/></items>
    </pubsub>
  </host>
</server-data>)");
  const auto summary = imported(scratch.file(), scratch.file("export"), {.items_apart = true});
  CHECK(summary.lost == decltype(summary.lost){{"an element <user xmlns='urn:xmpp:pie:0'/>", 1},
                                               {"the configuration other#field", 1},
                                               {"the configuration pubsub#access_model", 1}});
  const auto text = exported(scratch.file());
  for (const std::string_view part :
       {R"("creator":"o@b.example")",
        R"("pubsub#access_model":["whitelist"],"pubsub#title":["A title"])",
        R"("publisher":"p@b.example")", R"("id":"2","publisher":"pubsub.a.example")",
        R"("payload":"<e:a xmlns:e='u:entry'/>")"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("XEP-0227: what is no such file is refused with the line") {
  const struct {
    std::string_view text, problem;
  } wrong[] = {
      {"<a/>", "line 1: this is not a file of XEP-0227"},
      {"<server-data xmlns='urn:xmpp:pie:0'>\n<host jid='a.example'>", "line 2: "},
      {"<!DOCTYPE a []><a/>", "a DTD is not allowed"},
      {"<server-data xmlns='urn:xmpp:pie:0'><host jid='x@y'/></server-data>", "not the domain"},
      {"<server-data xmlns='urn:xmpp:pie:0' xmlns:i='http://www.w3.org/2001/XInclude'>"
       "<i:include href='a'/></server-data>",
       "included files are not read"},
  };
  for (const auto& [text, problem] : wrong) {
    CAPTURE(text);
    const Scratch scratch;
    write(scratch.file("file"), text);
    const auto why = refusal(scratch.file(), scratch.file("file"));
    CAPTURE(why);
    CHECK(why.find(problem) != std::string::npos);
  }
}

}  // namespace crier::transfer::test
