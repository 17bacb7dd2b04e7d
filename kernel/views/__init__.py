"""Pages of the kernel: sign-in, home, company administration, health."""
