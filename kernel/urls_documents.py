"""Files, imports, jobs, notices, saved views and outgoing webhooks on a company's host."""

from django.urls import path

from kernel.api import files as api_files
from kernel.api import webhooks
from kernel.views import files, imports, jobs, notices

HOOKS = "api/v1/company/webhooks/"
urlpatterns = [
    path("files/", files.upload, name="file-upload"),
    path("files/<int:attachment_id>/", files.download, name="file"),
    path("imports/<str:key>/", imports.upload, name="import-upload"),
    path("imports/<str:key>/template/", imports.template, name="import-template"),
    path("imports/<str:key>/<int:job_id>/", imports.show, name="import-job"),
    path("imports/<str:key>/<int:job_id>/match/", imports.match, name="import-match"),
    path("imports/<str:key>/<int:job_id>/start/", imports.start, name="import-start"),
    path("imports/<str:key>/<int:job_id>/undo/", imports.undo, name="import-undo"),
    path("jobs/", jobs.job_list, name="member-jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="member-job"),
    path("notifications/", notices.notice_list, name="notifications"),
    path("notifications/read/", notices.mark_all, name="notifications-read"),
    path("notifications/<int:notice_id>/", notices.open_one, name="notification"),
    path("saved-views/", notices.save_view, name="saved-view-save"),
    path("saved-views/<int:view_id>/remove/", notices.remove_view, name="saved-view-remove"),
    path("api/v1/files/", api_files.FileList.as_view(), name="api-files"),
    path("api/v1/files/<int:attachment_id>/", api_files.FileDetail.as_view(), name="api-file"),
    path(HOOKS, webhooks.WebhookList.as_view(), name="api-webhooks"),
    path(f"{HOOKS}events/", webhooks.WebhookEvents.as_view(), name="api-webhook-events"),
    path(f"{HOOKS}<int:webhook_id>/", webhooks.WebhookDetail.as_view(), name="api-webhook"),
    path(f"{HOOKS}<int:webhook_id>/test/", webhooks.WebhookTest.as_view(), name="api-webhook-test"),
    path(f"{HOOKS}<int:webhook_id>/deliveries/", webhooks.WebhookDeliveries.as_view(), name="api-webhook-deliveries"),
    path(f"{HOOKS}deliveries/<int:delivery_id>/retry/", webhooks.DeliveryRetry.as_view(), name="api-webhook-retry"),
]
