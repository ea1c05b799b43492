"""The library of indicators in the admin: lists in and out. It is changed on its own pages, with a reason."""

from __future__ import annotations

from django.contrib import admin

from declarations.admin.lists import ImportsAndExports
from declarations.admin.scoped import ReadOnly
from declarations.administering.resources import LibraryResource
from indicators.models import LibraryIndicator


@admin.register(LibraryIndicator)
class LibraryIndicatorAdmin(ImportsAndExports, ReadOnly, admin.ModelAdmin):
    resource_classes = (LibraryResource,)
    list_display = ("name", "kind", "area", "suggestion", "version", "is_active")
    list_filter = ("kind", "area", "is_active")
    list_per_page = 50
    search_fields = ("name", "initials", "aliases")
    search_help_text = "指标名称、其他叫法或拼音首字母"

    def get_queryset(self, request):
        return LibraryIndicator.objects.visible_to(request.user)

    @admin.display(description="参考指标值")
    def suggestion(self, entry):
        return entry.suggestion
