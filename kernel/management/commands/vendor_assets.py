import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.assets import sources


class Command(BaseCommand):
    help = "Copy the libraries of assets.toml into static/vendor/ and write manifest.json (needs npm)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        sources.vendor_dir().mkdir(parents=True, exist_ok=True)
        try:
            manifest = sources.fetch_all()
        except sources.AssetProblem as problem:
            raise CommandError(str(problem)) from problem
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (sources.vendor_dir() / "manifest.json").write_text(text, encoding="utf-8")
        for package in manifest["packages"]:
            self.stdout.write(f"{package['name']} {package['version']}: {', '.join(package['files'])}")
