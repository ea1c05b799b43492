"""经办分工: who of a division, or of the bureau, looks after which departments."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from declarations.models import Assignment, Department, Membership, Role, User, scope_of
from declarations.people import permissions
from declarations.reviewing import assigning
from declarations.reviewing.refusals import MoveRefused
from declarations.web.access import allow
from declarations.web.filters import AssignmentFilter
from declarations.web.form_layout import BesideHelper
from declarations.web.keyset import read_page
from declarations.web.parameters import whole_numbers

PAGE_SIZE = 50
ORDER = ("pinyin", "pk")


@allow(Role.DIVISION, Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest) -> HttpResponse:
    """A POST makes ``to`` (empty: nobody in particular) the 经办人 of the departments that were ticked."""
    filters = AssignmentFilter(request.GET, [role for role in permissions.PLACES if may_assign(request.user, role)])
    role = Role(filters.values["role"])
    departments = assignable_departments(request.user, role)
    if request.method == "POST":
        return assign_posted(request, role, departments)
    page = read_page(with_handler(filters.apply(departments), role), ORDER, request.GET, PAGE_SIZE)
    people = reviewers_by_division(departments, role)
    names = {person.pk: person for person, _ in people}
    context = {
        "role": role,
        "filters": filters,
        "page": page,
        "rows": [(row, names.get(row.handler)) for row in page.rows],
        "form": HandlerForm(people),
    }
    return render(request, "declarations/settings/assignments.html", context)


def may_assign(user, role: Role) -> bool:
    return role in permissions.active_roles(user) or permissions.may_administer(user)


def assignable_departments(user, role: Role) -> QuerySet:
    """The departments among which a person may share out the work of a stage: where they review in that stage,
    and as an administrator all."""
    scope = scope_of(user)
    name, key = permissions.PLACES[role]
    places = [getattr(item, key) for item in permissions.memberships_of(user) if item.role == role]
    top = Department.objects.visible_to(user).declaring().select_related("division")
    return top.filter(scope.in_bureaus(scope.administered, "bureau") | Q(**{f"{name}__in": places}))


def with_handler(departments: QuerySet, role: Role) -> QuerySet:
    """Each with ``handler``: the key of its 经办人, apart from single declarations that were handed over."""
    newest = Assignment.objects.filter(department=OuterRef("pk"), declaration__isnull=True, role=role).order_by("-pk")
    return departments.annotate(handler=Subquery(newest.values("reviewer")[:1]))


def reviewers_by_division(departments: QuerySet, role: Role) -> list[tuple[User, str]]:
    """Who reviews any of these departments in a stage, and in which division or bureau."""
    name, _ = permissions.PLACES[role]
    held = Membership.objects.valid_on(timezone.localdate()).filter(
        role=role, user__is_active=True, **{f"{name}__in": departments.order_by().values(name)}
    )
    rows = held.with_scope().select_related("user").order_by("user__name", "user")
    return [(row.user, str(row.place)) for row in rows]


class HandlerForm(forms.Form):
    """The 经办人 of the departments that are ticked in the list; ``to`` empty: nobody in particular."""

    to = forms.ChoiceField(label="所选部门的经办人", required=False)

    def __init__(self, people: list[tuple[User, str]], *args) -> None:
        """``people``: those to choose from, with their places."""
        super().__init__(*args, auto_id="%s")
        self.people = {str(person.pk): person for person, _ in people}
        choices = [(str(person.pk), f"{person}（{place}）") for person, place in people]
        self.fields["to"].choices = [("", "不指定"), *choices]

    @property
    def helper(self) -> FormHelper:
        return BesideHelper(self)

    @property
    def handler(self) -> User | None:
        """Whom the valid form names."""
        return self.people.get(self.cleaned_data["to"])


def assign_posted(request: HttpRequest, role: Role, departments: QuerySet) -> HttpResponse:
    chosen = list(departments.filter(pk__in=whole_numbers(request.POST.getlist("department"))))
    form = HandlerForm(reviewers_by_division(departments, role), request.POST)
    if not chosen:
        messages.error(request, "没有指定经办人：请先勾选部门。")
    elif not form.is_valid():
        messages.error(request, "没有指定经办人：所选人员现在不在这一环节审核，请重新选择。")
    else:
        to = form.handler
        try:
            assigning.assign_departments(request.user, role, chosen, to)
        except MoveRefused as refused:
            messages.error(request, f"{refused}{refused.hint}")
        else:
            said = f"经办人为{to}" if to else "不再指定经办人"
            messages.success(request, f"已办理：{len(chosen)} 个部门，{said}。")
    return redirect(request.get_full_path())
