"""How allauth behaves here: people log in with accounts that an administrator made; nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Login, password change and second factor, but no sign-up."""

    def is_open_for_signup(self, request):
        return False
