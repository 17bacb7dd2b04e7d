from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.assets import icons, sources


class Command(BaseCommand):
    help = "Rebuild the icon sprite from the names in templates and Python; an unknown name fails (needs npm)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; needs no npm")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        used, kept = icons.names_in_use(sources.root()), icons.names_in_sprite()
        if check:
            if used - kept:
                raise CommandError(f"not in the sprite: {', '.join(sorted(used - kept))}; run manage.py icon_sprite")
            self.stdout.write(f"{len(used)} icons in use, {len(kept)} in the sprite")
            return
        try:
            sprite = icons.build_sprite(used)
        except sources.AssetProblem as problem:
            raise CommandError(str(problem)) from problem
        icons.sprite_path().write_text(sprite, encoding="utf-8")
        self.stdout.write(f"{len(used)} icons, {len(sprite.encode())} bytes")
