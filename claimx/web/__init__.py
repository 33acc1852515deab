"""``claimx serve``: a page to paste a text into, and a JSON endpoint (extra ``claimx[web]``)."""
