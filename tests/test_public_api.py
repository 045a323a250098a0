import subprocess
import sys

import pytest

import xmppspy


@pytest.mark.parametrize("name", xmppspy.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each name of `__all__` can be had from the package."""
    assert getattr(xmppspy, name) is not None


def test_public_names_are_named_once() -> None:
    """The list of public names holds nothing twice."""
    assert len(xmppspy.__all__) == len(set(xmppspy.__all__))


def test_other_names_are_errors() -> None:
    """A misspelt name fails as it does with any module."""
    with pytest.raises(AttributeError, match="has no attribute 'raed'"):
        xmppspy.raed  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    """`import xmppspy` leaves lxml, asyncio, rich and the codecs alone."""
    heavy = "{'lxml', 'asyncio', 'rich', 'msgspec', 'zstandard', 'cryptography'}"
    program = f"import sys, xmppspy; print(sorted({heavy} & set(sys.modules)))"

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert result.stdout == b"[]\n"


def test_reading_imports_neither_lxml_nor_asyncio() -> None:
    """What reads captures needs no XML library and no event loop."""
    program = (
        "import sys, xmppspy; xmppspy.read, xmppspy.FrameRecord;"
        "print(sorted({'lxml', 'asyncio', 'rich'} & set(sys.modules)))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert result.stdout == b"[]\n"
