"""The kernel: what every module needs and none owns."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "kernel"
    verbose_name = "公共"

    def ready(self) -> None:
        # Each app's registration.py hangs its menu, panels, reactions, rights and meters in; models are ready now.
        import_module("kernel.registration")  # the frame stands before the floors above hang something into it
        autodiscover_modules("registration")
