"""The composite elements, component by component. One that no guide of ours uses is read as a plain `Composite`."""

from __future__ import annotations

from decimal import Decimal

from .base import Composite
from .fields import element


class MedicalProcedure(Composite, data_element="C003"):
    """A procedure, product or service (EB13, EQ02)."""

    qualifier: str = element(1, "Which code list, such as HC.", "235", "R")
    code: str = element(2, "The code, or the first of a range.", "234", "R")
    modifier_1: str = element(3, "First modifier.", "1339")
    modifier_2: str = element(4, "Second modifier.", "1339")
    modifier_3: str = element(5, "Third modifier.", "1339")
    modifier_4: str = element(6, "Fourth modifier.", "1339")
    description: str = element(7, "In words.", "352", "N")
    last_code: str = element(8, "The last code of a range.", "234")


class DiagnosisPointers(Composite, data_element="C004"):
    """Which of the diagnoses in HI are meant, counted from 1 (EB14, EQ05)."""

    pointer_1: int | None = element(1, "First diagnosis.", "1328", "R")
    pointer_2: int | None = element(2, "Second diagnosis.", "1328")
    pointer_3: int | None = element(3, "Third diagnosis.", "1328")
    pointer_4: int | None = element(4, "Fourth diagnosis.", "1328")


class HealthCareCode(Composite, data_element="C022"):
    """A diagnosis (HI01 to HI12)."""

    qualifier: str = element(1, "Which code list: ABK, BK principal; ABF, BF other.", "1270", "R")
    code: str = element(2, "The diagnosis, without a point.", "1271", "R")
    date_format: str = element(3, "Form of the date.", "1250", "N")
    date_text: str = element(4, "Date as sent.", "1251", "N")
    amount: Decimal | None = element(5, "In dollars.", "782", "N")
    quantity: Decimal | None = element(6, "A count.", "380", "N")
    version: str = element(7, "Version of the code list.", "799", "N")
    last_code: str = element(8, "The last code of a range.", "1271", "N")
    response: str = element(9, "Y or N.", "1073", "N")


class PositionInSegment(Composite, data_element="C030"):
    """Where in a segment, each counted from 1 (IK401, AK401, CTX05)."""

    number: int | None = element(1, "Element.", "722", "R")
    component: int | None = element(2, "Component of a composite.", "1528")
    repetition: int | None = element(3, "Repetition.", "1686")


class Context(Composite, data_element="C998"):
    """What is meant: a situational trigger, or a number of the sender's business (CTX01)."""

    name: str = element(1, "SITUATIONAL TRIGGER, or the place of the number, such as TRN02.", "9999", "R")
    reference: str = element(2, "The number.", "9998")


class ReferenceInSegment(Composite, data_element="C999"):
    """Which data elements, by their numbers in X12's dictionary (CTX06)."""

    data_element_1: str = element(1, "First data element.", "725", "R")
    data_element_2: str = element(2, "Second data element.", "725", "N")
