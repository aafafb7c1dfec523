-- For the tests: unloads mod_crier_copies when a message asks for it.
local modulemanager = require "core.modulemanager";

module:hook("message/host", function (event)
	if not event.stanza:get_child("forget", "urn:example:test") then return; end
	modulemanager.unload(module.host, "crier_copies");
	return true;
end, 20);
