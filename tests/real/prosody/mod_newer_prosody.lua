-- Gives Prosody 0.12 what newer ones have: all types of channel binding, told as XEP-0440 has
-- it, and what the community modules for SASL2 and FAST ask for. Who logs in is judged by Prosody.

local datetime = require "util.datetime";
local hex = require "util.hex";
local sasl = require "util.sasl";
local stanza = require "util.stanza";

local to_the_second = datetime.datetime;

function datetime.datetime(time)
	return to_the_second(time and math.floor(time));
end

function stanza.stanza_mt:get_child_attr(name, namespace, attribute)
	local child = self:get_child(name, namespace);
	return child and child.attr[attribute];
end

require "util.sasl.scram".init(function (name, backends, handler, types)
	types = types and { "tls-unique", "tls-exporter", "tls-server-end-point" };
	sasl.registerMechanism(name, backends, handler, types);
end);

local function end_point()
	local file = assert(io.open(module:get_option("ssl").certificate));
	local certificate = require "ssl".loadcertificate(file:read("a"));
	file:close();
	return hex.decode(certificate:digest("sha256"));
end

-- What a connection can be bound to, by type; computed when a login asks for it.
local function bindings_of(connection)
	local socket = connection:socket();
	if socket:info().protocol ~= "TLSv1.3" then
		return {
			["tls-unique"] = function () return socket:getpeerfinished(); end;
			["tls-server-end-point"] = end_point;
		};
	end
	return {
		["tls-exporter"] = function ()
			return socket:exportkeyingmaterial("EXPORTER-Channel-Binding", 32, "");
		end;
		["tls-server-end-point"] = end_point;
	};
end

local users = prosody.hosts[module.host].users;
local get_sasl_handler = users.get_sasl_handler;

function users.get_sasl_handler(session)
	local handler = get_sasl_handler(session);
	if session.encrypted then
		for kind, data in pairs(bindings_of(session.conn)) do
			handler:add_cb_handler(kind, data);
		end
	end
	return handler;
end

module:hook("stream-features", function (event)
	-- FAST asks no more of the sender than that there is one.
	event.stream = event.stream or { from = "somebody@" .. module.host };
	local connection = getmetatable(event.origin.conn).__index;

	function connection:ssl_info()
		return self:socket():info();
	end
end, 1000);

module:hook("stream-features", function (event)
	local features, origin = event.features, event.origin;
	if origin.resource then -- Bind 2 has bound it, without a restart of the stream
		features:remove_children("bind", "urn:ietf:params:xml:ns:xmpp-bind");
		origin.stream:set_stanza_size_limit(1024 * 256);
	end
	if origin.type ~= "c2s_unauthed" or not origin.encrypted then return end
	local told = stanza.stanza("sasl-channel-binding", { xmlns = "urn:xmpp:sasl-cb:0" });
	for kind in pairs(bindings_of(origin.conn)) do
		told:tag("channel-binding", { type = kind }):up();
	end
	features:add_child(told);
end, -1000);
