"""The acts of a test send, and what undoes them. Nothing here runs without `check --send`, or `cleanup`.

The other door, `sesgate.evidence`, only reads. What an act learned enters the evidence as an answer.
"""
