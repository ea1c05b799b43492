"""Every address of the declarations. Each view declares who may open it (`views.access`)."""

from django.urls import path

from declarations.views import (
    bring,
    detail,
    exports,
    fill,
    fill_files,
    fill_upload,
    help,
    home,
    imports,
    last_year,
    listing,
    moves,
    origins,
    sending,
)

app_name = "declarations"
urlpatterns = [
    path("", home.home, name="home"),
    path("declarations/", listing.declaration_list, name="list"),
    path("declarations/export/", exports.export_list, name="list_export"),
    path("declarations/start/<int:department>/<int:cycle>/", moves.start, name="start"),
    path("declarations/<uuid:pk>/", detail.detail, name="detail"),
    path("declarations/<uuid:pk>/edit/", fill.edit, name="fill"),
    path("declarations/<uuid:pk>/save/", fill.save, name="fill_save"),
    path("declarations/<uuid:pk>/check/", sending.before_sending, name="fill_check"),
    path("declarations/<uuid:pk>/last-year/", last_year.last_year, name="fill_last_year"),
    path("declarations/<uuid:pk>/upload/", fill_upload.upload, name="fill_upload"),
    path("declarations/<uuid:pk>/upload/<uuid:file>/", fill_upload.compare, name="fill_compare"),
    path("declarations/<uuid:pk>/brought/<uuid:copied>/undo/", bring.undo, name="fill_undo"),
    path("declarations/<uuid:pk>/confirm/", origins.confirm, name="fill_confirm"),
    path("declarations/<uuid:pk>/workbook/<slug:kind>/", fill_files.workbook, name="fill_workbook"),
    path("help/", help.handbook, name="help"),
    path("declarations/<uuid:pk>/move/<slug:action>/", moves.move, name="move"),
    path("declarations/<uuid:pk>/print/", detail.print_preview, name="print"),
    path("declarations/<uuid:pk>/export/", exports.export, name="export"),
    path("declarations/<uuid:pk>/snapshots/<int:number>/", detail.snapshot, name="snapshot"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:batch>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:batch>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:batch>/table/", imports.import_table, name="import_table"),
    path("imports/<uuid:batch>/choose/", imports.import_choose, name="import_choose"),
    path("imports/<uuid:batch>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<uuid:batch>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:batch>/resume/", imports.import_resume, name="import_resume"),
]
