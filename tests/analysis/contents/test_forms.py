from tests.analysis.contents.reading import root
from xmppspy.analysis.contents.forms import forms

FORM = """<message><x xmlns='jabber:x:data' type='form'><title>Bot</title>
<instructions>Fill in</instructions><field type='hidden' var='FORM_TYPE'><value>jabber:bot</value></field>
<field type='fixed'><value>Section</value></field>
<field type='text-single' label='The name' var='name'><required/></field>
<field type='list-single' label='Size' var='size'><value>20</value><option label='A'><value>10</value></option>
<option><value>20</value></option></field>
<field type='boolean' var='public'><value>0</value></field></x></message>"""


def test_form_is_told_field_by_field() -> None:
    """Values, then what is asked."""
    (form,) = forms(root(FORM))

    assert form.title == "form: form Bot"
    assert form.rows == (
        ("instructions", "Fill in"),
        ("FORM_TYPE", "jabber:bot (hidden)"),
        ("fixed", "Section (fixed)"),
        ("name", "(required; The name)"),
        ("size", "20 (list-single; Size; one of 10, 20)"),
        ("public", "0 (boolean)"),
    )


def test_results_are_told_row_by_row() -> None:
    """Each with all its cells."""
    xml = (
        "<iq><x xmlns='jabber:x:data' type='result'><reported><field var='a'/></reported>"
        "<item><field var='a'><value>1</value></field><field var='b'><value>2</value></field></item></x></iq>"
    )
    (form,) = forms(root(xml))

    assert form.rows == (("row", "a=1 b=2"),)


def test_long_values_are_cut_and_made_harmless() -> None:
    """The XML has them whole."""
    xml = f"<iq><x xmlns='jabber:x:data'><field var='a'><value>&#x202e;{'y' * 1000}</value></field></x></iq>"
    (form,) = forms(root(xml))
    ((_, value),) = form.rows

    assert value.startswith("\\u202eyyy")
    assert value.endswith("…")
    assert len(value) < 500
