"""`load_indicator_library`: the indicators that every installation begins with."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from indicators import library


class Command(BaseCommand):
    help = "载入初始指标库；已有的指标（含各财政局修改过的）不受影响，可以重复运行。"

    def handle(self, **options) -> None:
        new = library.load(library.start_set())
        self.stdout.write(f"指标库：新增 {new} 条。" if new else "指标库：初始指标均已载入，没有新增。")
