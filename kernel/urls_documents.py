"""Files, imports, jobs, notices, saved views and outgoing webhooks on a company's host."""

from django.urls import path

from kernel.api import files as api_files
from kernel.views import files

urlpatterns = [
    path("files/", files.upload, name="file-upload"),
    path("files/<int:attachment_id>/", files.download, name="file"),
    path("api/v1/files/", api_files.FileList.as_view(), name="api-files"),
    path("api/v1/files/<int:attachment_id>/", api_files.FileDetail.as_view(), name="api-file"),
]
