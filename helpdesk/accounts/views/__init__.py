"""The pages on which staff sign in and look after their own accounts."""
