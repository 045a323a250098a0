"""The demo's peers: a scripted server and two clients, made of the core's parts and asyncio.

They talk like real ones where a person who watches could tell the difference, and know nothing
of the proxy that stands between them.
"""
