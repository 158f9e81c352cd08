"""Writing a reply: text, pictures, placeholders, payload."""
