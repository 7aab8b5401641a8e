"""What others expect: the answers of VSee, Integrex and VerifyTreatment, as their documentation prints them.

The doors are the methods of a record (`to_vsee_insurance`, `to_vsee_webhook`, `to_verifytreatment`, `to_integrex`).
Each takes what the caller has already (the user record, the VOB, the question) and keeps it: an answer adds what it
says and replaces nothing of the caller's.
"""
