"""Declarations and their record, to look up where one stands: read only, and without their content."""

from __future__ import annotations

from django.contrib import admin

from declarations.admin.scoped import ReadOnly
from declarations.models import Declaration, Disposal, Event, ImportBatch, Snapshot, Upload


class Visible(ReadOnly):
    """Rows as `visible_to` gives them."""

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.user).order_by(*self.get_ordering(request))


@admin.register(Declaration)
class DeclarationAdmin(Visible, admin.ModelAdmin):
    list_display = ("department", "cycle", "state", "submissions", "is_imported", "updated_at")
    list_select_related = ("department", "cycle")
    list_filter = (("cycle", admin.RelatedOnlyFieldListFilter), "state", "is_imported")
    list_per_page = 50
    ordering = ("-cycle__year", "department__pinyin", "pk")
    search_fields = ("department__name", "department__code", "department__initials")
    fields = (
        *("department", "cycle", "state", "version", "submissions", "returned_at"),
        *("is_imported", "created_at", "updated_at", "updated_by"),
    )


@admin.register(Snapshot)
class SnapshotAdmin(Visible, admin.ModelAdmin):
    list_display = ("declaration", "number", "state", "created_at", "hash")
    list_select_related = ("declaration__department", "declaration__cycle")
    list_filter = ("state",)
    list_per_page = 50
    ordering = ("-created_at", "-pk")
    search_fields = ("declaration__department__name",)
    fields = ("declaration", "number", "state", "created_at", "content_hash", "previous_hash", "hash")


@admin.register(Event)
class EventAdmin(Visible, admin.ModelAdmin):
    list_display = ("created_at", "declaration", "from_state", "to_state", "actor", "acting_role")
    list_select_related = ("declaration__department", "declaration__cycle", "actor")
    list_filter = ("to_state", "acting_role")
    list_per_page = 50
    ordering = ("-created_at", "-pk")
    search_fields = ("declaration__department__name", "actor__name")
    fields = (
        *("declaration", "from_state", "to_state", "actor", "acting_role", "acting_for"),
        *("comment", "confirmations", "source_address", "created_at"),
    )


@admin.register(ImportBatch)
class ImportBatchAdmin(Visible, admin.ModelAdmin):
    list_display = ("created_at", "bureau", "year", "state", "created_by", "applied_at")
    list_select_related = ("bureau", "created_by")
    list_filter = ("state",)
    ordering = ("-created_at", "pk")
    fields = ("bureau", "year", "state", "created_by", "created_at", "applied_at")


@admin.register(Upload)
class UploadAdmin(Visible, admin.ModelAdmin):
    list_display = ("original_name", "batch", "size", "state", "created_at")
    list_select_related = ("batch",)
    list_filter = ("state",)
    ordering = ("-created_at", "pk")
    search_fields = ("original_name", "sha256")
    fields = ("batch", "original_name", "sha256", "size", "state", "created_at")


@admin.register(Disposal)
class DisposalAdmin(Visible, admin.ModelAdmin):
    list_display = ("created_at", "original_name", "reason", "size", "uploaded_at")
    list_filter = ("reason",)
    list_per_page = 50
    ordering = ("-created_at", "-pk")
    search_fields = ("original_name", "sha256")
    fields = ("created_at", "bureau", "original_name", "sha256", "size", "reason", "detail", "uploaded_at", "subject")
