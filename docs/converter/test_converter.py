import pytest
from converter import convert
from hypothesis import given

from x271.testing import Document, responses


@pytest.mark.parametrize("name", ["amount", "service_types"])
@given(answer=responses())
def test_every_benefit_says_what_the_payer_said(name: str, answer: Document) -> None:
    made = [one for patient in convert(answer.text)["patients"] for one in patient["benefits"]]
    said = [one.benefit for patient in answer.interchange.patients() for one in patient.benefits]
    assert [one[name] for one in made] == [getattr(one, name) for one in said]
