"""The source of environment variables: a reader for each kind of place, judged before anything leaves.

Values of variables stay in this room. What leaves it are facts: set or not, from which kind of store, which rules hold.
"""
