"""Doors of this app."""

from django.urls import path

from organizations.views.api_key import ApiKeys, RevokeApiKey
from organizations.views.desk import Desk, WhoCanSee
from organizations.views.evidence import EvidenceFile
from organizations.views.lines import AddLine, ChangeLine, RemoveLine, registration_step
from organizations.views.membership import (
    AcceptInvitation,
    ChangeRoles,
    EndMembership,
    Invite,
    LeaveOrganization,
    People,
    RevokeInvitation,
)
from organizations.views.oversight import OversightList, OversightStatus
from organizations.views.register import RegisterApply, RegisterDetail, RegisterList, RegisterNew
from organizations.views.registration import CloseOrganization, RegistrationPage, StartRegistration
from organizations.views.review import ReviewFile, ReviewPage, ReviewQueue

app_name = "organizations"
DESK = "o/<slug:organization>/"

regulator = [
    path(f"{DESK}reviews/", ReviewQueue.as_view(), name="review_list"),
    path(f"{DESK}reviews/<int:pk>/", ReviewPage.as_view(), name="review_detail"),
    path(f"{DESK}reviews/<int:pk>/files/<int:evidence>/", ReviewFile.as_view(), name="review_file"),
    path(f"{DESK}oversight/", OversightList.as_view(), name="oversight_list"),
    path(f"{DESK}oversight/<int:pk>/", OversightStatus.as_view(), name="oversight_status"),
    path(f"{DESK}registers/", RegisterList.as_view(), name="register_list"),
    path(f"{DESK}registers/new/", RegisterNew.as_view(), name="register_new"),
    path(f"{DESK}registers/<int:pk>/", RegisterDetail.as_view(), name="register_detail"),
    path(f"{DESK}registers/<int:pk>/apply/", RegisterApply.as_view(), name="register_apply"),
]

own = [
    path("register/", StartRegistration.as_view(), name="registration_start"),
    path("invitation/<str:token>/", AcceptInvitation.as_view(), name="invitation_accept"),
    path(DESK, Desk.as_view(), name="desk"),
    path(f"{DESK}registration/", RegistrationPage.as_view(), name="registration"),
    path(f"{DESK}registration/close/", CloseOrganization.as_view(), name="registration_close"),
    path(f"{DESK}registration/<slug:step>/", registration_step, name="registration_step"),
    path(f"{DESK}profile/<slug:noun>/add/", AddLine.as_view(), name="line_add"),
    path(f"{DESK}profile/<slug:noun>/<int:pk>/", ChangeLine.as_view(), name="line_change"),
    path(f"{DESK}profile/<slug:noun>/<int:pk>/remove/", RemoveLine.as_view(), name="line_remove"),
    path(f"{DESK}files/<int:pk>/", EvidenceFile.as_view(), name="evidence"),
    path(f"{DESK}people/", People.as_view(), name="people"),
    path(f"{DESK}people/invite/", Invite.as_view(), name="invite"),
    path(f"{DESK}people/invitations/<int:pk>/", RevokeInvitation.as_view(), name="invitation_revoke"),
    path(f"{DESK}people/leave/", LeaveOrganization.as_view(), name="leave"),
    path(f"{DESK}people/<int:pk>/", ChangeRoles.as_view(), name="member_roles"),
    path(f"{DESK}people/<int:pk>/end/", EndMembership.as_view(), name="member_end"),
    path(f"{DESK}who-can-see/", WhoCanSee.as_view(), name="who_can_see"),
    path(f"{DESK}keys/", ApiKeys.as_view(), name="api_keys"),
    path(f"{DESK}keys/<int:pk>/", RevokeApiKey.as_view(), name="api_key_revoke"),
]

urlpatterns = [*own, *regulator]
