from kitsune.community.utils import num_deleted_contributions
from kitsune.questions.models import Answer, Question


def num_questions(user, viewer=None):
    questions = Question.objects.filter(creator=user)
    if not (viewer and viewer.has_perm("flagit.can_moderate")):
        questions = questions.filter(is_spam=False)
    return questions.count()


def num_answers(user):
    return Answer.objects.filter(creator=user).count() + num_deleted_contributions(Answer, contributor=user)


def num_solutions(user):
    solved = Question.objects.filter(solution__creator=user).count()
    return solved + num_deleted_contributions(Answer, contributor=user, metadata__is_solution=True)
