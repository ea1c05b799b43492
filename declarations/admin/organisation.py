"""Bureaus, divisions and departments."""

from __future__ import annotations

from django.contrib import admin

from declarations.admin.lists import ImportsAndExports
from declarations.admin.scoped import Scoped
from declarations.administering.resources import DepartmentResource
from declarations.models import Bureau, Department, Division
from declarations.people import permissions, setting_up


@admin.register(Bureau)
class BureauAdmin(Scoped, admin.ModelAdmin):
    """A bureau is set up and removed by the operator of the installation."""

    bureau_path = "pk"
    list_display = ("code", "name")
    search_fields = ("code", "name")

    def has_add_permission(self, request, obj=None):
        return permissions.is_operator(request.user)

    def has_delete_permission(self, request, obj=None):
        return permissions.is_operator(request.user)


@admin.register(Division)
class DivisionAdmin(Scoped, admin.ModelAdmin):
    list_display = ("code", "name", "bureau")
    list_display_links = ("code", "name")
    list_select_related = ("bureau",)
    search_fields = ("code", "name")


class Needs(admin.SimpleListFilter):
    """What the home page counts, as a list."""

    title = "设置情况"
    parameter_name = "need"

    def lookups(self, request, model_admin):
        return tuple(setting_up.NEEDS.items())

    def queryset(self, request, queryset):
        return setting_up.lacking_departments(self.value(), queryset) if self.value() in setting_up.NEEDS else queryset


@admin.register(Department)
class DepartmentAdmin(ImportsAndExports, Scoped, admin.ModelAdmin):
    resource_classes = (DepartmentResource,)
    list_display = ("code", "name", "parent", "division", "is_active")
    list_display_links = ("code", "name")
    list_select_related = ("parent", "division")
    list_filter = (Needs, ("division", admin.RelatedOnlyFieldListFilter), "is_active")
    list_per_page = 50
    search_fields = ("code", "name", "initials", "former_names")
    search_help_text = "部门代码、名称、曾用名或拼音首字母"
    autocomplete_fields = ("parent",)
    fields = ("bureau", "code", "name", "former_names", "parent", "division", "is_active")
