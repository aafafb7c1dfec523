-- For the tests: fails on what is for one address.
module:hook("message/bare", function (event)
	if event.stanza.attr.to == "throws@" .. module.host then error("as the test wants"); end
end, 100);
