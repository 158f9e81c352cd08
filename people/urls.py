"""Addresses of signing in, people, departments, invitations and the list of initials."""

from django.urls import path

from people.views import (
    company,
    departments,
    directory,
    invitations,
    manage,
    password_reset,
    preferences,
    sign_in,
    sign_ins,
)

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/as/", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-in/forgotten/", password_reset.ask, name="forgotten"),
    path("sign-ins/", sign_ins.show, name="sign-ins"),
    path("sign-ins/<slug:verb>/", sign_ins.act, name="sign-ins-act"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("language/", sign_in.choose_language, name="language"),
    path("theme/", sign_in.choose_theme, name="theme"),
    path("preferences/", preferences.edit, name="preferences"),
    path("people/", directory.directory, name="people"),
    path("people/invite/", manage.invite, name="invite"),
    path("people/<int:pk>/", manage.person, name="person"),
    path("people/<int:pk>/<slug:verb>/", manage.act, name="person-act"),
    path("company/", company.edit, name="company"),
    path("departments/new/", departments.edit, name="department-new"),
    path("departments/<int:pk>/", departments.edit, name="department"),
    path("invitation/<str:key>/", invitations.accept, name="invitation"),
    path("initials/", invitations.initials, name="initials"),
    path("initials/<slug:initials>/picture/", invitations.picture, name="picture"),
]
