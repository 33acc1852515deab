"""Quotations by their marks, and the paragraphs in which marks are opened and closed; no model, no other rules."""
