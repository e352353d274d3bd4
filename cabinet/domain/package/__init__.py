"""What a scanner reads off a package, and whether it belongs into the pocket that is open."""
