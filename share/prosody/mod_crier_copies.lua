-- Copies notifications for crier, the publish-subscribe component, so that a fan-out to many
-- subscribers crosses the component's stream once. See docs/copies.md of crier.
--
--     Component "pubsub.example.org"
--         component_secret = "a long secret"
--         modules_enabled = { "crier_copies" }
--
-- The component sends a message to itself with a list of recipients in it. Of each line, "ID JID",
-- this module makes a message: to that JID, with ID behind the id. Nobody else can use it: what
-- does not come on the component's own stream is passed on as ever.

local st = require "util.stanza";
local traceback = debug.traceback;
local xpcall = require "util.xpcall".xpcall;
local unpack = table.unpack or unpack; -- luacheck: ignore 113

local xmlns_copies = "urn:crier:copies:0";
local stanza_mt = getmetatable(st.stanza("message"));

if module:get_host_type() ~= "component" then
	error("mod_crier_copies belongs into the modules_enabled of crier's Component", 0);
end

local function is_own(event)
	local origin = event.origin;
	return origin.type == "component" and origin.host == module.host
		and event.stanza.attr.from == module.host;
end

local function report(err)
	module:log("error", "A copy was not taken: %s", traceback(err, 2));
end

-- The component asks whether its notifications will be copied.
module:hook("iq/host", function (event)
	local stanza = event.stanza;
	if stanza.attr.type ~= "get" or not is_own(event) then return; end
	if not stanza:get_child("copies", xmlns_copies) then return; end
	event.origin.send(st.reply(stanza):tag("copies", { xmlns = xmlns_copies }));
	return true;
end, 10);

module:hook("message/host", function (event)
	local origin, stanza = event.origin, event.stanza;
	if not is_own(event) then return; end
	local list = stanza:get_child_text("copies", xmlns_copies);
	if not list then return; end
	stanza:remove_children("copies", xmlns_copies);
	local attr = stanza.attr;
	for id, jid in list:gmatch("([^ \n]*) ([^\n]+)") do
		-- The copies share what they hold, which nobody changes; each has lists of its own, to
		-- which others may add.
		local copy = { unpack(stanza) };
		copy.name = stanza.name;
		copy.attr = { type = attr.type, from = attr.from, to = jid, id = attr.id .. id };
		copy.tags = { unpack(stanza.tags) };
		-- One that some other module fails on takes none of the others with it.
		xpcall(module.send, report, module, setmetatable(copy, stanza_mt), origin);
	end
	return true;
end, 10);
