"""What people set right before a batch came in, for its page and its report."""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.models import Correction, ImportBatch, LearnedLabel, LearnedName, Upload

LISTED = 300


@dataclass(frozen=True)
class Mended:
    """What people set right before it came in: values corrected, files replaced, names and labels learnt."""

    corrections: list[Correction] = field(default_factory=list)
    replacements: list[Upload] = field(default_factory=list)
    names: list[LearnedName] = field(default_factory=list)
    labels: list[LearnedLabel] = field(default_factory=list)

    @classmethod
    def of(cls, batch: ImportBatch) -> Mended:
        """Four queries."""
        return cls(
            list(Correction.objects.filter(upload__batch=batch).select_related("author", "upload")[:LISTED]),
            list(
                batch.uploads.filter(replaces__isnull=False)
                .select_related("replaces", "replaced_by")
                .defer("result", "replaces__result")
            ),
            list(LearnedName.objects.filter(batch=batch).select_related("author", "department")),
            list(batch.learned_labels.select_related("author")),
        )

    def __bool__(self) -> bool:
        return bool(self.corrections or self.replacements or self.names or self.labels)

    @property
    def summary(self) -> str:
        """How many of each kind there are, of the kinds that there are."""
        counts = (
            ("改正 {} 处", self.corrections),
            ("替换文件 {} 个", self.replacements),
            ("记住曾用名 {} 个", self.names),
            ("记住栏目名称 {} 个", self.labels),
        )
        return "，".join(said.format(len(some)) for said, some in counts if some)
