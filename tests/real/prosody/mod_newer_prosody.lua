-- Gives Prosody 0.12 what the community modules for SASL2 and FAST ask of newer ones.

local datetime = require "util.datetime";
local to_the_second = datetime.datetime;

function datetime.datetime(time)
	return to_the_second(time and math.floor(time));
end

local stanza = require "util.stanza".stanza_mt;

function stanza:get_child_attr(name, namespace, attribute)
	local child = self:get_child(name, namespace);
	return child and child.attr[attribute];
end

module:hook("stream-features", function (event)
	-- FAST asks no more of the sender than that there is one.
	event.stream = event.stream or { from = "somebody@" .. module.host };
	local connection = getmetatable(event.origin.conn).__index;
	if connection.ssl_info then return end

	function connection:ssl_info()
		return self:socket():info();
	end

	function connection:ssl_peerfinished()
		return self:socket():getpeerfinished();
	end

	function connection:ssl_exportkeyingmaterial(label, length, context)
		return self:socket():exportkeyingmaterial(label, length, context);
	end
end, 1000);
