"""The tags that the heads of the encoder give to words, in the order of their scores."""

FLAT_TAGS = ["O", "B-SOURCE", "I-SOURCE", "B-CUE", "I-CUE", "B-CONTENT", "I-CONTENT"]
ENTITY_TAGS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
ROLE_TAGS = ["O", "B-ROLE", "I-ROLE"]
#: Tags of the words around one cue.
LINK_TAGS = ["O", "B-SOURCE", "I-SOURCE", "B-CONTENT", "I-CONTENT"]
#: Word pieces in a window of the encoder, in training and at work.
WINDOW = 256
