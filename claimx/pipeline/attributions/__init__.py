"""Attributions: the component that runs the encoder; lemma, type and kind of what it finds; what layout ascribes."""
