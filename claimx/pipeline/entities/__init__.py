"""Entities: which mentions are one person, one organization, one group, one document."""
