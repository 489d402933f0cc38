from django.urls import path

from kitsune import views

urlpatterns = [
    path("user/<int:pk>/", views.profile),
    path("user/<int:pk>/contributed", views.contributed),
    path("api/2/user/", views.user_list),
    path("api/2/user/weekly-solutions", views.weekly_solutions),
    path("questions/<int:pk>", views.question),
    path("community/", views.home),
    path("community/top-contributors/<str:area>", views.top_contributors),
    path("kpi", views.kpi_page),
    path("kb/locales/<str:locale>", views.locale_details),
]
