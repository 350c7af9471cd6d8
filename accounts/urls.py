"""Doors of sign-in. Every page of allauth that exists here stands here; the others do not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from accounts.views import second_factor as second
from accounts.views import session, sign_in
from accounts.views.doors import open_door, own_door
from accounts.views.password import ChangePassword, SetPassword
from accounts.views.phone import ChangePhone
from accounts.views.sign_up import SignUp

entrance = [
    path("login/", open_door(sign_in.SignIn.as_view()), name="account_login"),
    path("login/code/", open_door(sign_in.to_sign_in), name="account_request_login_code"),
    path("login/code/confirm/", open_door(sign_in.SignInCode.as_view()), name="account_confirm_login_code"),
    path("login/passkey/", open_door(second.PasskeySignIn.as_view()), name="mfa_login_webauthn"),
    path("login/second-step/", open_door(mfa.authenticate), name="mfa_authenticate"),
    path("signup/", open_door(SignUp.as_view()), name="account_signup"),
    path("phone/verify/", open_door(account.verify_phone), name="account_verify_phone"),
    path("confirm-email/", open_door(account.email_verification_sent), name="account_email_verification_sent"),
    path("logout/", open_door(sign_in.SignOut.as_view()), name="account_logout"),
    path("inactive/", open_door(account.account_inactive), name="account_inactive"),
]

own = [
    path("phone/change/", own_door(ChangePhone.as_view()), name="account_change_phone"),
    path("email/", own_door(account.email), name="account_email"),
    path("password/change/", own_door(ChangePassword.as_view()), name="account_change_password"),
    path("password/set/", own_door(SetPassword.as_view()), name="account_set_password"),
    path("reauthenticate/", own_door(account.reauthenticate), name="account_reauthenticate"),
    path("sessions/", own_door(session.sessions), name="usersessions_list"),
]

steps = [
    path("second-factor/", own_door(second.door), name="second_factor"),
    path("second-step/", own_door(mfa.index), name="mfa_index"),
    path("second-step/check/", own_door(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-step/app/add/", own_door(second.ActivateApp.as_view()), name="mfa_activate_totp"),
    path("second-step/app/remove/", own_door(second.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("second-step/recovery/", own_door(second.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("second-step/recovery/new/", own_door(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-step/passkeys/", own_door(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("second-step/passkeys/add/", own_door(second.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("second-step/passkeys/check/", own_door(second.PasskeyCheck.as_view()), name="mfa_reauthenticate_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", own_door(second.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("second-step/passkeys/<int:pk>/name/", own_door(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
]

urlpatterns = [*entrance, *own, *steps]
