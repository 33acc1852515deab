"""The trained encoder at work: features of a text, windows over it, the network, and the decoding of its tags.

Nothing here knows spaCy; `claimx.pipeline.attribution_model` is the component that runs it.
"""
