"""Logins that survive interception: kept, stripped, bridged, explained."""
