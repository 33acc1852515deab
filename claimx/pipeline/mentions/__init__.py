"""Mentions: who and what an article speaks of, phrase by phrase."""
