"""Addresses of surveys and figures."""

from django.urls import path, re_path

from satisfaction.views import figures, survey_page, surveys

urlpatterns = [
    re_path(r"^s/(?P<key>[A-Za-z0-9_-]{22})/$", survey_page.survey, name="survey"),
    path("satisfaction/", figures.show, name="satisfaction"),
    path("satisfaction/surveys/<int:pk>/", surveys.edit, name="survey-edit"),
]
