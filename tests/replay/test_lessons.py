from tests.demo.backstage import frame
from xmppspy.replay.lessons import lessons


def test_ids_in_the_same_place_are_paired() -> None:
    """The id of a stanza, and one inside it, by the names of their elements."""
    recorded = frame("<message id='a'><stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='x'/></message>")
    live = frame(
        "<message id='b'><new/><stanza-id xmlns='urn:xmpp:sid:0' by='x' id='s2'/></message>"
    )

    assert list(lessons(recorded, live)) == [("a", "b"), ("s1", "s2")]


def test_places_in_an_archive_are_learnt() -> None:
    """What a later request will ask for, such as the page behind the last item (XEP-0059)."""
    page = "<iq id='1'><set xmlns='http://jabber.org/protocol/rsm'><last>{}</last></set></iq>"

    assert list(lessons(frame(page.format("old")), frame(page.format("new")))) == [("old", "new")]


def test_equal_values_teach_nothing() -> None:
    """Nothing is learnt from what is as it was, nor from what is missing today."""
    recorded = frame("<message id='a'><x xmlns='y' sid='1'/><thread>t</thread></message>")
    live = frame("<message id='a'><thread>t</thread></message>")

    assert list(lessons(recorded, live)) == []


def test_several_alike_are_paired_in_order() -> None:
    """The second of two elements of one name is paired with the second."""
    texts = [
        "<iq><x xmlns='y' id='{}1'/><x xmlns='y' id='{}2'/></iq>".format(*2 * who) for who in "ab"
    ]

    assert list(lessons(*map(frame, texts))) == [("a1", "b1"), ("a2", "b2")]
