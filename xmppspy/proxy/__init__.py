"""The edge towards the network: sockets, the DNS, certificates. What says `await` lives here."""
