"""Kitsune's pages that show a number, as far as they show it. Every number comes from an import of `perennial.reading`."""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.http import JsonResponse

from kitsune.questions.models import Question
from perennial.reading import community, kpi, questions, users, wiki

USERS_LISTED = 20


def _counters(user):
    return {
        "id": user.pk,
        "question_count": questions.num_questions(user),
        "answer_count": questions.num_answers(user),
        "solution_count": questions.num_solutions(user),
    }


def profile(_request, pk):
    """`users/views.py::profile`."""
    user = User.objects.get(pk=pk)
    return JsonResponse({**_counters(user), "num_documents": users.num_documents(user)})


def contributed(_request, pk):
    """`users/views.py::answers_contributed` and `::documents_contributed`."""
    user = User.objects.get(pk=pk)
    return JsonResponse(
        {
            "answers": [answer.pk for answer in users.answers_contributed(user)],
            "documents": [document.pk for document in wiki.user_documents(user)],
        }
    )


def user_list(_request):
    """`users/api.py::ProfileViewSet`, a page of users."""
    page = list(User.objects.order_by("-date_joined", "-pk")[:USERS_LISTED])
    users.read_ahead(page)
    rows = [
        {
            **_counters(user),
            "helpfulness": users.answer_helpfulness(user),
            "last_answer_date": users.last_answer_date(user),
        }
        for user in page
    ]
    return JsonResponse({"results": rows})


def weekly_solutions(_request):
    """`users/api.py::ProfileViewSet.weekly_solutions`."""
    return JsonResponse(users.weekly_solutions(), safe=False)


def question(_request, pk):
    """`questions/views.py::_answers_data`: counts beside every answer."""
    answers = list(Question.objects.get(pk=pk).answers.select_related("creator"))
    users.read_ahead([answer.creator for answer in answers])
    return JsonResponse({"answers": [_counters(answer.creator) for answer in answers]})


def home(request):
    """`community/views.py::home`: three boards."""
    locale = request.GET.get("locale")
    return JsonResponse(
        {
            "kb": community.top_contributors_kb(),
            "l10n": community.top_contributors_l10n(locale=locale),
            "questions": community.top_contributors_questions(locale=locale),
        }
    )


def top_contributors(request, area):
    """`community/views.py::top_contributors`: a page of one board."""
    board = getattr(community, f"top_contributors_{area}")
    results, total = board(count=100, page=int(request.GET.get("page", 1)))
    return JsonResponse({"results": results, "total": total})


def kpi_page(_request):
    """What the KPI dashboard loads, and its nightly tasks."""
    today = date.today()
    return JsonResponse(
        {
            "contributors": kpi.contributor_metrics(today - timedelta(days=7), today),
            "questions": kpi.questions_metrics(),
            "votes": [[str(day), number] for day, number in kpi.helpful_answer_votes().items()],
            "cohorts": kpi.cohorts("contributor", today),
        }
    )


def locale_details(_request, locale):
    """`wiki/locale_views.py::locale_details`."""
    active = wiki.active_contributors(from_date=date.today() - timedelta(days=90), locale=locale)
    return JsonResponse({"active": [user.username for user in active]})
