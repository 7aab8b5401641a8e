"""Seeded, invented answers for measuring: about 5.5 KB and 44 to 80 EB each, with every companion segment.

    python benchmarks/answers.py FOLDER [--seed N] [--sets N] [--files N]

writes one answer, N answers in one interchange, N files of one answer each, and the XML and JSON twins of the first.
They are the scenario `many-benefits` of `x271.synthetic`: the same seed gives the same bytes, and `x271.validate` has
no finding. The reduced form leaves out what x12sdk and linuxforhealth-x12 refuse, though it is common: III, PER in
2100A, EB09 with a letter code, HSD.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from x271.synthetic import documents
from x271.synthetic.making import DAY
from x271.synthetic.scenario import scenario
from x271.synthetic.story import story


def transaction(seed: int, *, reduced: bool = False) -> list[str]:
    """The segments ST to SE of one answer; reduced: without what some peers refuse."""
    one = story(scenario("many-benefits"), seed=seed, number=1, day=DAY)
    segments = documents.transaction(one, f"{seed % 10000:04}", DAY)
    return _reduced(segments) if reduced else segments


def _reduced(segments: list[str]) -> list[str]:
    kept = []
    is_out = False  # within a benefit that goes as a whole
    is_payer = True
    for segment in segments:
        elements = segment.split("*")
        if elements[0] == "EB":
            is_out = len(elements) > 9 and elements[9] != ""
        elif elements[0] in ("HL", "SE"):
            is_out, is_payer = False, elements[1] == "1"
        if not (is_out or elements[0] == "III" or (is_payer and elements[0] == "PER")):
            kept.append(segment)
    return [*kept[:-1], f"SE*{len(kept)}*{kept[-1].split('*')[2]}"]


def interchange(count: int = 1, seed: int = 1, *, reduced: bool = False) -> bytes:
    """An interchange of `count` transaction sets."""
    sets = [transaction(seed + at, reduced=reduced) for at in range(count)]
    return documents.interchange(sets, control_number=1, day=DAY, line_end="")


def counts(sets: int, seed: int = 1, *, reduced: bool = False) -> dict[str, int]:
    """What `interchange` holds: transaction sets, EB, service types of EB03, messages."""
    segments = [segment for at in range(sets) for segment in transaction(seed + at, reduced=reduced)]
    benefits = [segment.split("*") for segment in segments if segment.startswith("EB*")]
    return {
        "sets": sets,
        "benefits": len(benefits),
        "services": sum(len(row[3].split("^")) for row in benefits if len(row) > 3 and row[3]),
        "messages": sum(segment.startswith("MSG*") for segment in segments),
    }


def write(folder: Path, *, seed: int = 1, sets: int = 1000, files: int = 500) -> None:
    """The corpus: `one.271`, `one.xml`, `one.json`, `many.271`, `files-full/`, and the reduced forms."""
    from x271.forms import to_json, to_xml

    folder.mkdir(parents=True, exist_ok=True)
    one = interchange(1, seed)
    (folder / "one.271").write_bytes(one)
    (folder / "one.xml").write_bytes(to_xml(one))
    (folder / "one.json").write_bytes(to_json(one))
    (folder / "many.271").write_bytes(interchange(sets, seed))
    (folder / "one-reduced.271").write_bytes(interchange(1, seed, reduced=True))
    (folder / "many-reduced.271").write_bytes(interchange(sets, seed, reduced=True))
    for name, reduced in (("files-full", False), ("files-reduced", True)):
        (folder / name).mkdir(exist_ok=True)
        for at in range(files):
            (folder / name / f"{at:05}.271").write_bytes(interchange(1, seed + at, reduced=reduced))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--sets", type=int, default=1000)
    ask.add_argument("--files", type=int, default=500)
    args = ask.parse_args()
    write(args.folder, seed=args.seed, sets=args.sets, files=args.files)


if __name__ == "__main__":
    main()
