"""Public pages on the bare domain."""

from django.urls import path

from apps.billing.views import public, signup

app_name = "billing-public"
urlpatterns = [
    path("", public.home, name="home"),
    path("terms/", public.terms, name="terms"),
    path("privacy/", public.privacy, name="privacy"),
    path("signup/", signup.signup_page, name="signup"),
    path("signup/address/", signup.slug_check, name="signup-slug"),
    path("signup/<str:public_id>/", signup.code_page, name="signup-code"),
    path("signup/<str:public_id>/waiting/", signup.waiting, name="signup-waiting"),
]
