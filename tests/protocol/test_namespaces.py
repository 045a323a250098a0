from xmppspy.protocol import namespaces


def test_every_namespace_has_one_name() -> None:
    """No namespace is written down twice, and no white space has got into one."""
    names = [value for value in vars(namespaces).values() if isinstance(value, str)]
    found = [name for name in names if name.startswith(("http:", "urn:", "jabber:"))]

    assert len(found) == len(set(found)) > 10
    assert not any(name != "".join(name.split()) for name in found)


def test_content_namespaces() -> None:
    """Stanzas are in the namespaces of clients, servers and components."""
    assert len(namespaces.CONTENT) == 4
    assert all(name.startswith("jabber:") for name in namespaces.CONTENT)
