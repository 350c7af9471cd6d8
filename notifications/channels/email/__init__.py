"""E-mail. `settings.EMAIL_BACKEND` names the class, as Django does."""
