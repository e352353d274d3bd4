"""Formularies from elsewhere, and another vendor's whole export, as files of ours; with a report of what did not map."""
