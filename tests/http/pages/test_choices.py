"""What a form offers for a parameter: reviewed scopes first, then the tree."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.html_page import page


def test_reviewed_scopes_stand_before_the_tree(two_client: FlaskClient) -> None:
    text = page(two_client, "/queries/trials-by-disease")
    first, rest = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', text, re.DOTALL)
    assert first[0].startswith("As reviewed")
    names = re.findall(r">\s*([^<>]*?) \(\d+\)</option>", first[1])
    assert names[0] == "autoimmune disease"
    assert {"rheumatoid arthritis", "lupus nephritis", "demyelinating disease", "multiple sclerosis"} <= set(
        names
    )
    assert "disease by developmental or physiological process" in rest[1]
    values = re.findall(r'<option value="([^"]+)"', first[1] + rest[1])
    assert len(values) == len(set(values)) > 20
    assert 'value="MONDO:0005301" selected' in first[1]


def test_other_parameters_are_offered_as_they_were(two_client: FlaskClient) -> None:
    text = page(two_client, "/queries/conflicts")
    assert "<select" in text
    assert "<optgroup" not in text
