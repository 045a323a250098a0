"""`xmppspy tui`: look through a capture."""

import sys

import click


@click.command()
@click.argument("capture")
def command(capture: str) -> None:
    """Look through CAPTURE."""
    from xmppspy.capture.body import Body
    from xmppspy.view.tui.helpers import Process, Shelf

    shelf = Shelf(Body.open(capture))
    index = Process("index", shelf)
    from xmppspy.view.tui.app import Viewer
    from xmppspy.view.tui.times import Times

    viewer = Viewer(
        shelf, index, lambda: Process("search", shelf), times=Times(utc=False, relative=False)
    )
    code = viewer.run()
    viewer.close_helpers()
    sys.exit(code or 0)
