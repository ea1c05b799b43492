"""`load_demo`: an invented city to try the site with; see docs for what each account can do."""

from __future__ import annotations

import argparse
import json
import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from declarations.demo.loader import Loaded, RealPeople, current_year, load_city
from declarations.models import Role
from declarations.models.cycle import FIRST_YEAR

TRIAL_PASSWORD = "Yunxi-Demo-2027"


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("至少为 1")
    return number


def years_back(text: str) -> int:
    """That many years up to the current one, none before the first that a table can be of."""
    number, most = positive(text), current_year() - FIRST_YEAR + 1
    if number > most:
        raise argparse.ArgumentTypeError(f"最多 {most} 个年度（{FIRST_YEAR} 年起）")
    return number


class Command(BaseCommand):
    help = "载入一个虚构城市的演示数据和演示账号；已载入过的，不再重复载入。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--departments", type=positive, default=30, metavar="N", help="部门个数，默认 30")
        parser.add_argument("--years", type=years_back, default=3, metavar="K", help="年度个数（含本年度），默认 3")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子；相同的种子得到相同的数据")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *, departments: int, years: int, seed: int, **options) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password and not settings.DEBUG:
            raise CommandError("在正式环境载入演示数据，须先以环境变量 DEMO_PASSWORD 设定密码。", returncode=1)
        password = password or TRIAL_PASSWORD
        try:
            loaded = load_city(password, departments=departments, years=years, seed=seed, say=self._say)
        except RealPeople as refused:
            raise CommandError(refused.message, returncode=1) from None
        self._print(loaded, password, as_json=options["json"])

    def _say(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(text)

    def _print(self, loaded: Loaded, password: str, *, as_json: bool) -> None:
        found = loaded.to_json()
        if as_json:
            self.stdout.write(json.dumps(found | {"password": password}, ensure_ascii=False))
            return
        done = "已载入" if found["loaded"] else "此前已载入"
        years = f"{found['years'][0]}—{found['years'][-1]}"
        size = f"{found['departments']} 个部门，{years} 年度，{found['declarations']} 份申报表"
        self.stdout.write(f"{done}演示数据：{found['bureau']['name']}，{size}。")
        self.stdout.write(f"演示账号（密码均为 {password}）：")
        for account in found["accounts"]:
            role = Role(account["role"]).label
            self.stdout.write(f"  {account['username']:<12}{account['name']}  {role}  {account['place']}")
