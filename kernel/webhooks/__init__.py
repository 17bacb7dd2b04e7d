"""外部通知: facts of a company posted to its other systems, signed, over HTTPS, never into private networks."""
