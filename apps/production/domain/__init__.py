"""The arithmetic of production: plain values in, plain values out, no database."""
