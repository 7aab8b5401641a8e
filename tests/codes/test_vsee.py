"""The documented `eligibility_response` strings, typing errors included."""

from __future__ import annotations

from x271 import codes

DOCUMENTED = {
    "04": "Authorized quantity exceeded",
    "15": "Required application data missing",
    "33": "Input Errors",
    "35": "Out of Network",
    "41": "Authorization/Access restrictions",
    "42": "Unable to respond at current time.",
    "43": "Invalid/Missing provider information",
    "44": "Invalid/Missing provider name",
    "45": "Invalid/Missing provider speciality",
    "46": "Invalid/Missing provider phone number",
    "47": "Invalid/Missing provider state",
    "48": "Invalid/Missing referring provider identification number",
    "49": "Provider is not primary care physician",
    "50": "Provider ineligible for inquiries",
    "51": "Provider not on file",
    "52": "Service dates not within provider plan enrollment",
    "53": "Inquired benefit inconsistent with provider type",
    "56": "Inappropriate date",
    "57": "Invalid/Missing dates of service",
    "58": "Invalid/Missing date of birth",
    "60": "Date of birth follows date of service",
    "61": "Date of death preceeds dates of service",
    "62": "Date of service not within allowable inquiry period",
    "63": "Date of service in future",
    "64": "Invalid/Missing patient ID",
    "65": "Invalid/Missing patient name",
    "66": "Invalid/Missing patient gender code",
    "67": "Patient not found",
    "69": "Inconsistent with patient age.",
    "70": "Inconsistent with patient gender.",
    "71": "Patient birth date does not match that for the patient in the database",
    "72": "Invalid/Missing subscriber/insured ID",
    "73": "Invalid/Missing subscriber/insured name",
    "74": "Invalid/Missing subscriber/insured gender code",
    "75": "Subscriber/Insured not found",
    "76": "Duplicate Subscriber/Insured ID number",
    "77": "Subscriber found, patient not found",
    "78": "Subscriber/Insured not in Group/Plan identified",
    "79": "Invalid participant identification",
    "97": "invalid or missing provider address",
    "T4": "Payer name or identifier missing",
    "T5": "Certification Information Missing",
    "80": "No response received by clearinghouse",
    "98": "Expiremental service or procedure.",
    "AA": "Authorization number not found.",
    "AE": "Requires primary care physician authorization.",
    "AF": "Invalid/Missing diagnosis codes.",
    "AG": "Invalid/Missing procedure codes.",
    "AO": "Additional patient condition information required.",
    "CI": "Certification information does not match patient.",
    "E8": "Requires medical review.",
    "IA": "Invalid authorization number format.",
    "MA": "Missing authorization number.",
}
FALLBACK = "Success / Reject reason not found"


def test_the_table_has_the_53_documented_strings_and_no_other() -> None:
    assert len(DOCUMENTED) == 53
    assert {code.code: code.description for code in codes.lookup("vsee").values()} == DOCUMENTED
    assert codes.compiled()["vsee"] == DOCUMENTED


def test_everything_else_gives_the_fallback() -> None:
    assert codes.vsee_fallback() == codes.compiled()["vsee_fallback"] == FALLBACK
    for code in ("", "54", "55", "68", "4", "t4", "0", "(none or any code not listed)"):
        assert codes.eligibility_response(code) == FALLBACK


def test_a_listed_code_gives_its_string() -> None:
    for code, text in DOCUMENTED.items():
        assert codes.eligibility_response(code) == text


def test_the_guides_table_quotes_the_same_strings() -> None:
    legal = [code for code in codes.lookup("AAA03").values() if code.part == "tr3"]
    for code in legal:
        assert code.notes["vsee_string"] == DOCUMENTED.get(code.code, "(fallback)")
    assert set(DOCUMENTED) - {code.code for code in legal} == {"T5"}
