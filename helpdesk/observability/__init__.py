"""What the portal says of itself to those who run it."""
