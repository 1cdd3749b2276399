"""Seals: a report and its recording, signed, so that whoever reads them later can tell whether they are what they were.

A seal is a DSSE envelope around an in-toto statement. Apart from `keys`, which knows `cryptography` (the extra
`sesgate[seal]`), everything here is pure.
"""
