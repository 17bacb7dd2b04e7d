"""基础资料."""

from django.apps import AppConfig


class MasterdataConfig(AppConfig):
    name = "apps.masterdata"
    verbose_name = "基础资料"
