"""The trained encoder at work: features of a text, windows over it, the network, and the decoding of its tags.

Nothing here knows spaCy; `claimx.pipeline.attributions` has the component that runs it.
"""
