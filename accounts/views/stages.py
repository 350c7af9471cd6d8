"""What must be proved on the way in. One proved address is enough, whichever it is."""

from allauth.account import stages

from accounts.services import phone as phones


class PhoneVerificationStage(stages.PhoneVerificationStage):
    """A number that nobody proved yet is proved before the first sign-in, unless an e-mail address proved the person."""

    def handle(self):
        user = self.login.user
        if user is not None and (self.login.email or phones.read_phone(user) is None):
            return None, True
        return super().handle()


class EmailVerificationStage(stages.EmailVerificationStage):
    """People with a proved number need no e-mail address."""

    def handle(self):
        user = self.login.user
        if user is not None and user.phone_verified_at is not None:
            return None, True
        return super().handle()
