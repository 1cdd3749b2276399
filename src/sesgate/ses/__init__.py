"""How SES resolves a sender: address, identity, configuration set, destinations, topic, subscription, key.

One place for it: checks read these small types, never the answers of AWS.
"""
