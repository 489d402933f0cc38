from django.conf import settings


def profile_avatar(user, size=200):
    return user.profile.fxa_avatar or settings.DEFAULT_AVATAR
