"""Static files under hashed names, imports between modules rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Files can be cached for ever, and a module finds the hashed names of those it imports."""

    support_js_module_import_aggregation = True
