"""Files the pages are dressed with: vendored libraries, the icon sprite, and their proofs."""
