"""The addresses of the library, below ``library/``."""

from django.urls import path

from declarations.views.library import entry, listing, picker, proposals

urlpatterns = [
    path("", listing.library_list, name="library"),
    path("export/", listing.library_export, name="library_export"),
    path("suggest/", picker.library_suggest, name="library_suggest"),
    path("new/", entry.library_new, name="library_new"),
    path("<int:entry>/", entry.library_detail, name="library_detail"),
    path("<int:entry>/edit/", entry.library_edit, name="library_edit"),
    path("proposals/", proposals.library_proposals, name="library_proposals"),
    path("proposals/<int:proposal>/", proposals.library_proposal, name="library_proposal"),
    path("propose/<uuid:pk>/<uuid:row>/", proposals.library_propose, name="library_propose"),
]
