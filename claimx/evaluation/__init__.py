"""Measuring claims against gold: `gold` reads annotated articles, `measures` compares."""
