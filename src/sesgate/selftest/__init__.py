"""Whether a gate can fail: recorded evidence is changed, one thing at a time, and the checks that read it run again.

What is changed follows from the recorded answers, by their shape: nothing here knows an account, or a check.
"""
