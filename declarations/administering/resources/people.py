"""The list of people and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import fields

from declarations.administering.resources.base import BureauResource, labelled_clean
from declarations.administering.resources.formats import day_of, text_of
from declarations.models import Department, Division, Membership, Role, User

PASSWORD = "初始密码"


class MembershipResource(BureauResource):
    """People and their roles, one role a row. A new user name makes an account, without a password at first."""

    username = fields.Field("user__username", "用户名")
    person = fields.Field("user__name", "姓名")
    role = fields.Field("role", "角色")
    place = fields.Field(column_name="部门/科室代码")
    valid_from = fields.Field("valid_from", "生效日期")
    valid_to = fields.Field("valid_to", "失效日期")
    password = fields.Field(column_name=PASSWORD)

    demanded = ("用户名", "姓名", "角色", "部门/科室代码")

    class Meta:
        model = Membership
        name = "用户"
        fields = ("username", "person", "role", "place", "valid_from", "valid_to", "password")
        export_order = import_order = fields
        import_id_fields = ()
        report_skipped = use_transactions = True

    def get_queryset(self):
        return Membership.objects.select_related("user", "bureau", "division", "department")

    def get_instance(self, instance_loader, row):
        """The role that this person has for this place already."""
        username, role = text_of(row["用户名"]), ROLES.get(text_of(row["角色"]))
        held = Membership.objects.of_bureaus([self.bureau.pk]).filter(user__username__iexact=username, role=role)
        code = text_of(row["部门/科室代码"])
        wanted = "" if code == self.bureau.code else code
        return next((item for item in held.with_scope().select_related("user") if code_of(item) == wanted), None)

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        # taken out of the row, which is shown as it is where anything in it is wrong
        self.first_password = text_of(row.get(PASSWORD))
        row.update({PASSWORD: ""} if PASSWORD in row else {})

    def import_instance(self, instance, row, **kwargs):
        instance.user = self.person_named(text_of(row["用户名"]), instance)
        super().import_instance(instance, row, **kwargs)
        labelled_clean(instance.user, exclude=["password"])
        instance.user.save()
        instance.user_id = instance.user.pk

    def person_named(self, username: str, instance: Membership) -> User:
        """The account with this name, if this bureau may give it roles, or a new one."""
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            user = User(username=username)
            user.set_unusable_password()
        elif not belongs_to(user, [self.bureau.pk]):
            raise ValidationError({"用户名": f"用户名“{username}”已被其他单位使用，请换一个。"})
        return user

    def take(self, instance, header, text, row):
        if header == "姓名":
            instance.user.name = text
        elif header == "角色":
            instance.role = role_of(text)
        elif header == "部门/科室代码":
            self.place_in(instance, role_of(text_of(row["角色"])), text)
        elif header == "生效日期":
            instance.valid_from = day_of(text) or instance.valid_from or timezone.localdate()
        elif header == "失效日期":
            instance.valid_to = day_of(text)
        elif header == PASSWORD and self.first_password:
            set_first_password(instance.user, self.first_password)

    def place_in(self, instance: Membership, role: Role, code: str) -> None:
        kind = Role(role).scopes[-1] if code and code != self.bureau.code else Role(role).scopes[0]
        if kind == "bureau":
            instance.bureau = self.bureau
        elif not code:
            raise ValueError(f"{role.label}须填写{'部门' if kind == 'department' else '科室'}代码。")
        else:
            setattr(instance, kind, self.found(Division if kind == "division" else Department, code))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        def kept(item: Membership) -> list[Any]:
            return [*(getattr(item, field.attname) for field in item._meta.concrete_fields), item.user.name]

        same = instance.pk and kept(instance) == kept(original)
        return bool(same and not import_validation_errors)

    def dehydrate_role(self, membership):
        return membership.get_role_display()

    def dehydrate_place(self, membership):
        return code_of(membership)

    def dehydrate_password(self, membership):
        return ""


ROLES = {role.label: role for role in Role} | {role.value: role for role in Role}


def role_of(text: str) -> Role:
    if text not in ROLES:
        raise ValueError(f"没有“{text}”这一角色，可填：{'、'.join(Role.labels)}。")
    return ROLES[text]


def code_of(membership: Membership) -> str:
    """The code of the department or division of a role; empty for a role in the whole bureau."""
    place = membership.department or membership.division
    return place.code if place else ""


def set_first_password(user: User, text: str) -> None:
    """Only for an account that has none: an import never changes a password."""
    if user.has_usable_password():
        return
    try:
        validate_password(text, user)
    except ValidationError as error:
        raise ValueError("".join(error.messages)) from None
    user.set_password(text)


def belongs_to(user: User, bureaus: Any) -> bool:
    """Whether a person has roles in these bureaus and nowhere else, and does not run the installation."""
    if user.is_superuser:
        return False
    # asked of the database, not of the user: a page may have read only some of the memberships
    held = Membership.objects.filter(user=user.pk)
    inside = held.of_bureaus(bureaus).count()
    return inside > 0 and inside == held.count()
