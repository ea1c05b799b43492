"""What a batch leaves beside its tables: years made for it, names and labels learnt; they go with its undoing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from declarations.importing.questions.asking import forget_labels
from declarations.models import Cycle, Declaration, Department, ImportBatch, LearnedLabel, LearnedName, User


@dataclass
class Leavings:
    """What is still there of it."""

    years: list[Cycle] = field(default_factory=list)
    names: list[LearnedName] = field(default_factory=list)
    labels: list[LearnedLabel] = field(default_factory=list)

    @classmethod
    def of(cls, batch: ImportBatch) -> Leavings:
        """In three queries."""
        names = LearnedName.objects.filter(batch=batch).select_related("department")
        return cls(
            list(Cycle.objects.filter(made_by=batch)),
            [one for one in names if one.name in one.department.former_names],
            list(batch.learned_labels.in_use()),
        )

    def __bool__(self) -> bool:
        return bool(self.years or self.names or self.labels)


def remove_learned(batch: ImportBatch, actor: User | None) -> None:
    """Takes the years, former names and labels of a batch away; a year that holds other tables stays."""
    remove_years(batch)
    left = Leavings.of(batch)
    forget_labels(LearnedLabel.objects.filter(pk__in=[one.pk for one in left.labels]), actor)
    learned: dict[int, set[str]] = {one.department_id: set() for one in left.names}
    for one in left.names:
        learned[one.department_id].add(one.name)
    departments = list(Department.objects.select_for_update().filter(pk__in=learned))
    for department in departments:
        department.former_names = [name for name in department.former_names if name not in learned[department.pk]]
    Department.objects.bulk_update(departments, ["former_names"])


def remove_years(batch: ImportBatch) -> int:
    """Marks the years made for a batch that hold no declaration any more; how many they are."""
    years = Cycle.objects.filter(made_by=batch)
    filled = Declaration.objects.filter(cycle__in=years).values("cycle")
    return years.exclude(pk__in=filled).update(undone_at=timezone.now())
