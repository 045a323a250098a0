from xmppspy.analysis.redaction.login import MAX_ECHOES, Login


def test_choice() -> None:
    """A mechanism is one in any case; a new login has a new nonce."""
    login = Login()
    login.nonce = b"x"
    login.choose(" plain ")

    assert (login.mechanism, login.nonce) == ("PLAIN", b"")


def test_branches() -> None:
    """What leaves may be another login than what came; after that nobody knows which counts."""
    login = Login()
    login.choose("PLAIN")
    same, other = login.branch(), login.branch()
    login.join(same)
    assert login.mechanism == "PLAIN"
    other.choose("EXTERNAL")
    other.remember(b"swordfish")
    login.join(other)

    assert login.mechanism == ""
    assert list(login.echoes(b"swordfish")) == [b"swordfish"]


def test_a_nonce_that_only_left_counts() -> None:
    """The server continues the nonce that it was sent, whatever the client has said."""
    login = Login()
    left = login.branch()
    left.nonce = b"x"
    login.join(left)
    other = login.branch()
    other.nonce = b"y"
    login.join(other)

    assert login.nonce == b"x"


def test_memory() -> None:
    """Short passwords and masks are not remembered, and not too many of the others."""
    login = Login()
    for password in (b"short", b"********"):
        login.remember(password)
    before = login.may_echo
    for number in range(2 * MAX_ECHOES):
        login.remember(b"password-%02d" % number)
    text = b" ".join(b"password-%02d" % number for number in range(2 * MAX_ECHOES))

    assert (before, login.may_echo) == (False, True)
    assert len(list(login.echoes(text))) == MAX_ECHOES


def test_words() -> None:
    """The longest words of what cannot be read, with their punctuation and without."""
    login = Login()
    login.remember_words(b"juliet:swordfish!! a " + b"x" * 7)
    quoted = b"bad swordfish, no swordfish!!, for juliet"

    assert list(login.echoes(quoted)) == [b"swordfish!!", b"swordfish", b"juliet"]


def test_words_are_bounded() -> None:
    """One payload does not push out all that was remembered before."""
    login = Login()
    login.remember(b"swordfish")
    login.remember_words(b" ".join(b"word-number-%03d" % number for number in range(100)))

    assert list(login.echoes(b"swordfish")) == [b"swordfish"]
