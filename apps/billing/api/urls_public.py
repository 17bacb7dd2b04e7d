"""API of billing for visitors, on the bare domain."""

from django.urls import path

from apps.billing.api import public_views as views

app_name = "billing-api-public"
urlpatterns = [
    path("pricing/", views.PricingView.as_view(), name="pricing"),
    path("pricing/estimate/", views.EstimateView.as_view(), name="estimate"),
    path("signup/", views.SignupView.as_view(), name="signup"),
    path("signup/<str:public_id>/confirm/", views.ConfirmView.as_view(), name="signup-confirm"),
    path("signup/<str:public_id>/", views.SignupStatusView.as_view(), name="signup-status"),
]
