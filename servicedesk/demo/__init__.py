"""The demo's world and how it is put into an empty desk."""
