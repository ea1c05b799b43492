"""The stock Django admin, in Chinese, for what administrators keep: nothing on content is decided here.

Open to active administrators, each within the own bureau, and to the operator of the installation.
"""

from django.contrib import admin

from declarations.admin import cycles, foreign, library, organisation, people, records
from declarations.people import permissions

__all__ = ["cycles", "foreign", "library", "organisation", "people", "records"]


def may_enter(request) -> bool:
    return permissions.may_administer(request.user)


# roles decide, not the flag of django.contrib.auth that says who is "staff"
admin.site.has_permission = may_enter
