"""What installed packages put into the admin, kept to what an operator needs."""

from __future__ import annotations

from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from declarations.people import permissions

for package in ("allauth.account", "allauth.mfa", "django.contrib.auth"):
    import_module(f"{package}.admin")  # which registers; ours may be found first
# roles are memberships, and nobody confirms an address here
admin.site.unregister((Group, EmailAddress, Authenticator))


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """For the operator to take away from who lost the telephone; never with the secret in it."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name")
    fields = ("user", "type", "created_at", "last_used_at")

    def has_module_permission(self, request):
        return permissions.is_operator(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.is_operator(request.user)

    has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
