"""The portal for developing on it: `make dev`. Nothing of this is part of what operators run."""
