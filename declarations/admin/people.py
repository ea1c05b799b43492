"""People, their passwords and their roles."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.forms.models import BaseInlineFormSet

from declarations.admin.lists import ImportsAndExports
from declarations.admin.scoped import Scoped
from declarations.administering.resources import MembershipResource, belongs_to
from declarations.models import Membership, User, scope_of
from declarations.people import permissions

PLACES = ("role", "bureau", "division", "department", "valid_from")


class Roles(BaseInlineFormSet):
    def clean(self) -> None:
        """Two equal rows in one form would only fail in the database."""
        super().clean()
        given = [tuple(form.cleaned_data.get(name) for name in PLACES) for form in self.forms if self._counts(form)]
        if len(given) != len(set(given)):
            raise ValidationError("同一角色授权填写了两次。")

    def _counts(self, form) -> bool:
        return bool(getattr(form, "cleaned_data", None)) and form not in self.deleted_forms


class MembershipInline(Scoped, admin.TabularInline):
    model = Membership
    formset = Roles
    fields = ("role", "bureau", "division", "department", "valid_from", "valid_to")
    extra = 0

    def get_queryset(self, request):
        return admin.TabularInline.get_queryset(self, request).administered_by(request.user).with_scope()

    def has_view_permission(self, request, obj=None):
        return permissions.may_administer(request.user)

    def get_min_num(self, request, obj=None, **kwargs):
        """Without a role in the bureau its administrator would no longer find the account."""
        return 0 if permissions.is_operator(request.user) else 1

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_min=True, **kwargs)


@admin.register(User)
class PersonAdmin(ImportsAndExports, Scoped, UserAdmin):
    """Accounts are switched off, not deleted: the record names them."""

    resource_classes = (MembershipResource,)
    inlines = (MembershipInline,)
    list_display = ("username", "name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    list_per_page = 50
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("个人信息", {"fields": ("name", "email")}),
        ("状态", {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request):
        held = Membership.objects.administered_by(request.user)
        people = User.objects.prefetch_related(Prefetch("memberships", held.with_scope())).order_by("username")
        if permissions.is_operator(request.user):
            return people
        return people.filter(pk__in=held.values("user"), is_superuser=False)

    def has_change_permission(self, request, obj=None):
        """Not those who have a role elsewhere too: a password set here would open their other bureau."""
        if obj is None or permissions.is_operator(request.user):
            return permissions.may_administer(request.user)
        scope = scope_of(request.user)
        return bool(scope.administered) and belongs_to(obj, scope.administered)

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        return lookup.startswith("memberships__role") or super().lookup_allowed(lookup, value, request)

    @admin.display(description="角色")
    def roles(self, person: User) -> str:
        return "；".join(str(item) for item in person.memberships.all())

    def get_export_queryset(self, request):
        """One row a role, of the people in the list."""
        people = super().get_export_queryset(request).values("pk")
        mine = Membership.objects.administered_by(request.user).filter(user__in=people)
        return mine.with_scope().select_related("user").order_by("user__username", "role", "pk")
