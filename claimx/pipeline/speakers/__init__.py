"""Speakers: who is behind the source of each claim, and how sure that is."""
