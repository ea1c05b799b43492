"""How allauth behaves here: people log in with accounts that an administrator made; nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend

from declarations.models import User, with_unread_notices


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Login, password change and second factor, but no sign-up."""

    def is_open_for_signup(self, request):
        return False


class Backend(AuthenticationBackend):
    """allauth's login; the person of a request comes with the number of unread notices, which every page shows."""

    def get_user(self, user_id):
        person = with_unread_notices(User.objects.filter(pk=user_id)).first()
        return person if person and self.user_can_authenticate(person) else None
