"""Pages of the kernel on a company's host."""

from django.urls import include, path

from kernel.views import audit, company, export, facts, home, members, security, signin, webhooks

urlpatterns = [
    path("", include("kernel.urls_documents")),
    path("", home.home, name="home"),
    path("search/", home.palette, name="palette"),
    path("signin/", signin.sign_in_page, name="signin"),
    path("signin/code/", signin.code_page, name="signin-code"),
    path("signin/forgot/", signin.forgot, name="forgot"),
    path("reset/<str:token>/", signin.reset, name="reset"),
    path("signout/", signin.sign_out, name="signout"),
    path("handoff/", signin.hand_off, name="handoff"),
    path("switch/", signin.companies_page, name="companies"),
    path("invite/<str:token>/", members.accept, name="accept-invitation"),
    path("company/members/", members.member_list, name="members"),
    path("company/members/<int:membership_id>/", members.member_edit, name="member"),
    path("company/members/<int:membership_id>/status/", members.member_status, name="member-status"),
    path("company/invitations/<int:invitation_id>/revoke/", members.revoke_invitation, name="invitation-revoke"),
    path("company/audit/", audit.audit, name="audit"),
    path("company/export/", export.export, name="export"),
    path("company/settings/facts/", facts.facts, name="facts"),
    path("company/settings/facts/<int:delivery_id>/retry/", facts.retry_fact, name="fact-retry"),
    path("company/settings/facts/webhooks/<int:delivery_id>/retry/", facts.retry_webhook, name="webhook-retry"),
    path("company/settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("company/settings/webhooks/<int:webhook_id>/<str:verb>/", webhooks.webhook_verb, name="webhook-verb"),
    path("company/settings/clear/", company.clear, name="company-clear"),
    path("company/settings/sample/", company.load_sample, name="company-sample"),
    path("company/security/", security.security, name="security"),
    path("company/security/password/", security.change_password, name="change-password"),
    path("company/security/sessions/", security.revoke_session, name="revoke-session"),
    path("company/security/tokens/", security.make_token, name="make-token"),
    path("company/security/tokens/<int:token_id>/revoke/", security.revoke_token, name="revoke-token"),
    path("company/security/all-tokens/<int:token_id>/revoke/", security.revoke_any_token, name="revoke-any-token"),
    path("company/security/totp/", security.totp, name="totp"),
    path("company/security/totp/stop/", security.stop_totp, name="stop-totp"),
    path("company/settings/", company.settings_page, name="settings"),
]
