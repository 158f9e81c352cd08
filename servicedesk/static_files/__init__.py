"""Styles and scripts: many small files for who reads them, few for a browser."""
