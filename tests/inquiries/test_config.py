"""The configuration: typed, as a dict, or as a TOML file; a mistake in it is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import x271
from generators import DOCS
from inquiries.vendors import CONFIG
from x271.inquiries.config import Clinic, Config, PayerName, Submitter, config


def test_a_file_is_what_it_would_be_as_typed_values() -> None:
    assert config(CONFIG) == Config(
        submitter=Submitter(sender="SUBMITTER", receiver="RECEIVER"),
        provider=Clinic(name="Clinic", npi="1234567893"),
        facilities={
            "vclinic": Clinic(last_name="Jones", first_name="Cameron", npi="1234567893"),
            "F1": Clinic(name="Facility", npi="1234567893", service_types=("30", "AI", "MH")),
        },
        payers={
            "vtx_01": PayerName(identifier="VTX01", name="VTX Payer"),
            "car7556": PayerName(identifier="CAR7556", name="Health Choice Arizona"),
        },
    )


def test_nothing_is_configured_by_default() -> None:
    assert config(None) == config({}) == Config()
    made = Config(provider=Clinic(name="C"))
    assert config(made) is made


def test_a_payers_identifier_alone_is_enough() -> None:
    assert config({"payers": {"a": "12345"}}).payers["a"] == PayerName(identifier="12345")


def test_the_pages_example_names_every_key_and_is_right() -> None:
    page = (DOCS / "requests.md").read_text(encoding="utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    made = config(tomllib.loads(text))
    assert made.payers["vtx_01"].identifier == "VTX01"
    assert made.facilities["F1"].service_types == ("30", "AI", "MH")
    keys = {name: field for part in (Submitter, Clinic, Config) for name, field in part.model_fields.items()}
    assert [name for name in keys if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"submitter": {"sender": "S"}}, "submitter.receiver"),
        ({"submitter": {"sender": "S", "receiver": "R", "usage": "X"}}, "submitter.usage"),
        ({"provider": {"npi": 1234567893}}, "provider.npi"),
        ({"provider": {"nip": "1"}}, "provider.nip"),
        ({"payers": {"a": {"name": "A"}}}, "payers.a.id"),
        ({"payers": ["a"]}, "payers"),
        ({"payer": {}}, "payer"),
        ("x271.toml", "config"),
        (7, "config"),
    ],
)
def test_a_mistake_is_named_by_its_key(given: Any, key: str) -> None:
    with pytest.raises(x271.UsageError) as caught:
        config(given)
    assert caught.value.code == "BAD_CONFIG"
    assert caught.value.position is not None
    assert caught.value.position.key == key


@pytest.mark.parametrize("text", [b"[provider", b"\xff", b"a = [" * 5000, b"[a]\n[a]\n"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "x271.toml"
    path.write_bytes(text)
    with pytest.raises(x271.UsageError) as caught:
        config(path)
    assert caught.value.code == "BAD_CONFIG"


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(x271.UsageError) as caught:
            config(path)
        assert caught.value.code == "UNREADABLE_FILE"
