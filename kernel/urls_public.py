"""Pages of the kernel on the bare domain: signing in, and the security of the operator's own staff."""

from django.urls import path

from kernel.views import health, security, signin

urlpatterns = [
    path("signin/", signin.sign_in_page, name="signin"),
    path("signin/code/", signin.code_page, name="signin-code"),
    path("signin/forgot/", signin.forgot, name="forgot"),
    path("reset/<str:token>/", signin.reset, name="reset"),
    path("signout/", signin.sign_out, name="signout"),
    path("handoff/", signin.hand_off, name="handoff"),
    path("switch/", signin.companies_page, name="companies"),
    path("metrics/", health.metrics, name="metrics"),
    path("operator/security/", security.security, name="security"),
    path("operator/security/password/", security.change_password, name="change-password"),
    path("operator/security/sessions/", security.revoke_session, name="revoke-session"),
    path("operator/security/tokens/", security.make_token, name="make-token"),
    path("operator/security/tokens/<int:token_id>/revoke/", security.revoke_token, name="revoke-token"),
    path("operator/security/totp/", security.totp, name="totp"),
    path("operator/security/totp/stop/", security.stop_totp, name="stop-totp"),
]
