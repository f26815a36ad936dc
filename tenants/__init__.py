"""The platform: who is asking, what they may do, and how what they own stays theirs.

Nothing here knows HTTP, a queue, a vendor or voice; `roleplay` is built on it and never the other way round.
"""
