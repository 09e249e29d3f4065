"""`manage.py doctor`: what is wrong with a deployment, in plain words, and what to do about it."""
