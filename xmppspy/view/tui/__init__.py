"""The interactive view: a capture, finished or still growing, to be looked through by keys.

It reads no capture lines itself: `xmppspy.view.browse` finds, explains and searches them, in
processes of their own. Nothing of Textual is imported outside of this folder.
"""
