"""The guided three minutes: a script that a visitor of the demo follows by hand, or by pressing "next".

Everything that "next" does goes through the same HTTP APIs that a visitor's browser, or a hospital's own program, would use.
"""
