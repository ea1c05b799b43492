"""The addresses of the lists, below ``references/``: a page, a template and an export for each, and the imports."""

from django.urls import path

from declarations.administering.references.kinds import LISTINGS
from declarations.views.references import accounts, files, imports, pages, resets


def urls_of(kind: str):
    """The addresses of one list. The kind is no argument: each address is open to whoever administers a bureau."""
    name, given = f"reference_{kind.replace('-', '_')}", {"listing": LISTINGS[kind]}
    yield path(f"{kind}/", pages.listing_page, given, name=name)
    yield path(f"{kind}/template/", files.template, given, name=f"{name}_template_export")
    yield path(f"{kind}/export/", files.export, given, name=f"{name}_export")


urlpatterns = [
    path("", pages.references, name="references"),
    *(address for kind in LISTINGS for address in urls_of(kind)),
    path("people/resets/", resets.resets, name="reference_resets"),
    path("imports/<uuid:reference>/", imports.detail, name="reference_import"),
    path("imports/<uuid:reference>/apply/", imports.apply, name="reference_apply"),
    path("imports/<uuid:reference>/cancel/", imports.cancel, name="reference_cancel"),
    path("imports/<uuid:reference>/again/", imports.again, name="reference_again"),
    path("imports/<uuid:reference>/file/", files.original, name="reference_file_export"),
    path("imports/<uuid:reference>/links/", accounts.links, name="reference_links"),
]
