"""What a department asks its customers. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from core.screens.form_values import sent
from people import policies
from people.models import Department
from people.requests import DeskRequest
from satisfaction import surveys
from satisfaction.forms import SurveyForm


def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep a new version of the survey; what was typed stays when it is refused."""
    if reason := policies.why_not_manage(request.user):
        raise NotAllowed(reason)
    department = get_object_or_404(Department, pk=pk)
    newest = surveys.newest_of(department)
    initial = {
        "question_en": newest.question_en if newest else surveys.QUESTION_EN,
        "question_de": newest.question_de if newest else surveys.QUESTION_DE,
        "rate": newest.rate if newest else 0,
    }
    form = SurveyForm(sent(request), initial=initial)
    if form.is_valid():
        with form.refusing():
            surveys.keep_survey(department, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("satisfaction")
    context = {"form": form, "department": department}
    return render(request, "satisfaction/survey_edit.html", context, status=form.status)
