"""People and their roles, whole files at a time: one row a role."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils import timezone
from import_export import fields

from declarations.administering.references.base import PlannedReference, judge_all, refuse_fields
from declarations.administering.resources.formats import day_of
from declarations.administering.resources.people import ROLES, MembershipResource, code_of
from declarations.models import Membership, User

LABELS = {"username": "用户名", "name": "姓名", "email": "邮箱"}


class PlannedPeople(PlannedReference, MembershipResource):
    """New accounts come without a password; the result of the import offers one-time links to set it."""

    email = fields.Field("user__email", "邮箱")
    columns = ("用户名", "姓名", "邮箱", "角色", "部门/科室代码", "生效日期", "失效日期")

    class Meta(PlannedReference.Meta):
        model = Membership
        fields = ("username", "person", "email", "role", "place", "valid_from", "valid_to")

    def get_queryset(self):
        held = Membership.objects.of_bureaus([self.bureau.pk]).filter(user__is_superuser=False)
        return held.with_scope().select_related("user").order_by("user__username", "role", "pk")

    def init_instance(self, row=None):
        return Membership(valid_from=self.today)

    # what is known, asked for once

    def before_import(self, dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        names = {name.lower() for name in dataset["用户名"]}
        known = User.objects.annotate(folded=Lower("username")).filter(folded__in=names)
        self.users = {user.username.lower(): user for user in self.locked(known)}
        self.kept = {user.pk: (user.name, user.email) for user in self.users.values()}
        self.now, self.today = timezone.now(), timezone.localdate()
        self.wording: dict[str, tuple[int, str, str]] = {}
        self.wanted = Counter(self.place_of(row) for row in dataset.dict)
        self.read_memberships()

    def read_memberships(self) -> None:
        """Roles by person and place; ``strangers``: people who have a role elsewhere, or none at all."""
        places = {"division": self.divisions, "department": self.departments}
        by_key = {kind: {item.pk: item for item in known.values()} for kind, known in places.items()}
        people = {user.pk: user for user in self.users.values()}
        self.held, inside = defaultdict(list), set()
        self.strangers = {user.pk for user in people.values() if user.is_superuser}
        for item in self.locked(Membership.objects.filter(user__in=people).order_by("pk")):
            item.user = people[item.user_id]
            if item.bureau_id:
                own = item.bureau_id == self.bureau.pk
                item.bureau = self.bureau if own else item.bureau
            else:
                kind = "division" if item.division_id else "department"
                place = by_key[kind].get(getattr(item, f"{kind}_id"))
                own = place is not None
            if not own:
                self.strangers.add(item.user_id)
                continue
            if not item.bureau_id:
                setattr(item, kind, place)
            inside.add(item.user_id)
            self.held[item.user.username.lower(), item.role, code_of(item)].append(item)
        self.strangers |= people.keys() - inside

    # rows

    def place_of(self, row: dict[str, Any]) -> tuple:
        code = row["部门/科室代码"]
        role = ROLES.get(row["角色"], row["角色"])
        return row["用户名"].lower(), str(role), "" if code == self.bureau.code else code

    def key_of(self, row):
        return "用户名", (*self.place_of(row), row.get("生效日期", ""))

    def get_instance(self, instance_loader, row):
        """The role this person has for this place: that of the same first day, else the only or latest one."""
        place = self.place_of(row)
        candidates = self.held.get(place)
        if not candidates:
            return None
        first = self.first_day(row)
        same = [item for item in candidates if item.valid_from.isoformat() == first]
        if same:
            return same[0]
        return candidates[-1] if self.wanted[place] == 1 and (not first or len(candidates) == 1) else None

    @staticmethod
    def first_day(row: dict[str, Any]) -> str:
        try:
            day = day_of(row.get("生效日期", ""))
        except ValueError:
            return ""
        return day.isoformat() if day else ""

    def import_instance(self, instance, row, **kwargs: Any) -> None:
        instance.user = self.person_named(row["用户名"], instance)
        PlannedReference.import_instance(self, instance, row, **kwargs)

    def person_named(self, username: str, instance: Membership) -> User:
        user = self.users.get(username.lower())
        if user is None:
            user = self.users[username.lower()] = User(username=User.normalize_username(username), date_joined=self.now)
        elif user.pk in self.strangers:
            raise ValidationError({"用户名": f"用户名“{username}”已被其他单位使用，请换一个。"})
        return user

    def take(self, instance, header, text, row):
        if header == "姓名":
            self.refuse_other_wording(row)
        is_lost = header == "部门/科室代码" and row["角色"] not in ROLES  # told under 角色; the code means nothing then
        if header == "邮箱":
            instance.user.email = text
        elif header != "用户名" and not is_lost:
            super().take(instance, header, text, row)

    def refuse_other_wording(self, row: dict[str, Any]) -> None:
        """Rows about one account say the same of the person."""
        name, email = row["姓名"], row.get("邮箱", "")
        number, *other = self.wording.setdefault(row["用户名"].lower(), (self.number, name, email))
        if other != [name, email]:
            raise ValueError(f"同一用户名在第 {number} 行写的是“{'，'.join(filter(None, other))}”，请改为一致。")

    def judge(self, instance: Membership) -> None:
        judge_all(lambda: refuse_fields(instance.user, LABELS), lambda: self.judge_days(instance))

    def judge_days(self, instance: Membership) -> None:
        if instance.valid_to and instance.valid_to < instance.valid_from:
            raise ValidationError({"失效日期": "失效日期不能早于生效日期。"})

    def said(self, instance: Membership) -> list[str]:
        person = instance.user
        until = instance.valid_to.isoformat() if instance.valid_to else ""
        role = ROLE_LABELS[instance.role]
        first = instance.valid_from.isoformat()
        return [person.username, person.name, person.email, role, code_of(instance), first, until]

    # writing

    def create(self, instances: list[Membership]) -> None:
        new = {id(item.user): item.user for item in instances if item.user.pk is None}
        for user in new.values():
            user.set_unusable_password()
        User.objects.bulk_create(new.values(), batch_size=1_000)
        Membership.objects.bulk_create(instances, batch_size=1_000)

    def update(self, instances: list[Membership]) -> None:
        Membership.objects.bulk_update(instances, ["valid_from", "valid_to"], batch_size=500)

    def after_import(self, dataset, result, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        known = (user for user in self.users.values() if user.pk in self.kept)
        changed = [user for user in known if self.kept[user.pk] != (user.name, user.email)]
        if changed and self.is_writing:
            User.objects.bulk_update(changed, ["name", "email"], batch_size=500)


ROLE_LABELS = {role.value: label for label, role in ROLES.items() if label == role.label}
