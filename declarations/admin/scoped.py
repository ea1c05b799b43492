"""What every admin page here shares: rows of the bureaus that the user administers, and no others."""

from __future__ import annotations

from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest

from declarations.models import Bureau, Cycle, Department, Division, User, scope_of
from declarations.people import permissions

#: where a model that others refer to has its bureau
BUREAU_PATHS = {Bureau: "pk", Division: "bureau", Department: "bureau", Cycle: "bureau"}


class Scoped(BaseModelAdmin):
    """Mix-in: the administrator of a bureau sees, adds and changes its rows."""

    bureau_path = "bureau"

    def get_queryset(self, request: HttpRequest):
        scope = scope_of(request.user)
        return super().get_queryset(request).filter(scope.in_bureaus(scope.administered, self.bureau_path))

    def has_module_permission(self, request):
        return permissions.may_administer(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.may_administer(request.user) and (obj is None or self.owns(request, obj))

    def has_add_permission(self, request, obj=None):
        return permissions.may_administer(request.user)

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def owns(self, request: HttpRequest, obj) -> bool:
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        scope, model = scope_of(request.user), db_field.related_model
        if model in BUREAU_PATHS:
            kwargs["queryset"] = model.objects.filter(scope.in_bureaus(scope.administered, BUREAU_PATHS[model]))
        elif model is User:
            kwargs["queryset"] = User.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, **kwargs):
        """What is set up in one bureau stays there: its declarations and reviewers would not follow."""
        form = super().get_form(request, obj, **kwargs)
        if obj and "bureau" in form.base_fields:
            form.base_fields["bureau"].disabled = True
        return form

    def get_changeform_initial_data(self, request):
        """The bureau is filled in for an administrator of one."""
        own = Bureau.objects.administered_by(request.user)[:2]
        return {"bureau": own[0].pk if len(own) == 1 else None} | super().get_changeform_initial_data(request)


class ReadOnly(Scoped):
    """Rows that only the application writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
