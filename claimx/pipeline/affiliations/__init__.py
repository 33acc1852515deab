"""Affiliations: which roles the article gives to whom, and at which organization."""
