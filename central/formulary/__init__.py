"""The pharmacy's formulary: what is in it, by which codes it is known, and what is mistaken for what."""
