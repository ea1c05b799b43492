"""Lists of departments, of people and of issued limits, in and out as workbooks (django-import-export).

A resource works within one bureau and finds nothing outside it; nothing is written while a row of
the file has a mistake.
"""

from declarations.administering.resources.control_figures import ControlFiguresResource
from declarations.administering.resources.departments import DepartmentResource
from declarations.administering.resources.formats import FORMATS
from declarations.administering.resources.library import LibraryResource
from declarations.administering.resources.people import MembershipResource, belongs_to

__all__ = [
    "FORMATS",
    "ControlFiguresResource",
    "DepartmentResource",
    "LibraryResource",
    "MembershipResource",
    "belongs_to",
]
