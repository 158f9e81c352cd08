"""Addresses of signing in and of the directory."""

from django.urls import path

from people.views import directory, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/as/", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("language/", sign_in.choose_language, name="language"),
    path("theme/", sign_in.choose_theme, name="theme"),
    path("people/", directory.directory, name="people"),
]
