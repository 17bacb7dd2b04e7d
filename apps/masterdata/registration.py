"""What master data hangs into the frame: rights, menu, search, imports, seed rows of a fresh company."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.masterdata import importing, public, words
from apps.masterdata.services.catalogue import seed_units
from apps.masterdata.services.numbers import seed_rules
from kernel import audit_words, registry
from kernel.registry import NavGroup, NavItem
from tenants import hooks, rights
from tenants.entitlements import has_module
from tenants.rights import Member

EDITORS = ("admin", "chief", "accountant", "bookkeeper", "storekeeper", "planner", "buyer", "sales", "data_officer")
# The modules that work with goods; a company with finance alone never meets an item.
GOODS = ("inventory", "production", "supply")
MOST_HITS = 8

rights.register(
    "masterdata",
    {
        "view": rights.EVERYBODY,
        "edit": EDITORS,
        "secret": ("admin", "accountant", "chief", "buyer"),
        "settings": ("admin", "chief", "accountant", "data_officer"),
    },
    title=_("基础资料"),
    labels={
        "view": _("查看基础资料"),
        "edit": _("新增和修改基础资料"),
        "secret": _("成本、信用额度和银行账户"),
        "settings": _("单位、分类和编码规则"),
    },
)
for seeder in (seed_units, seed_rules):
    if seeder not in hooks.template_seeders:
        hooks.template_seeders.append(seeder)
importing.register_all()
audit_words.add(fields=words.FIELDS, values=words.VALUES)
registry.add_group(
    NavGroup(
        key="masterdata",
        label=_("基础资料"),
        icon="database",
        color="ink",
        position=80,
        items=(
            NavItem(
                label=_("物料"),
                url_name="masterdata:item-list",
                icon="box",
                right="masterdata.view",
                modules=GOODS,
            ),
            NavItem(
                label=_("客户与供应商"),
                url_name="masterdata:partner-list",
                icon="address-book",
                right="masterdata.view",
            ),
            NavItem(
                label=_("仓库与库位"),
                url_name="masterdata:warehouse-list",
                icon="building-warehouse",
                right="masterdata.view",
                modules=GOODS,
            ),
            NavItem(label=_("部门与员工"), url_name="masterdata:staff", icon="sitemap", right="masterdata.view"),
            NavItem(
                label=_("基础资料设置"),
                url_name="masterdata:settings",
                icon="adjustments",
                right="masterdata.settings",
            ),
        ),
    )
)


def search(text: str, member: Member) -> list[dict[str, str]]:
    """Records for Ctrl+K by code, name or pinyin: items where goods are known, then partners."""
    if not text.strip() or not member.can("masterdata.view"):
        return []
    found = []
    if any(has_module(module) for module in GOODS):
        for item in public.find_items(text, limit=MOST_HITS, active_only=False):
            url = reverse("masterdata:item", args=[item.id])
            detail = f"{item.code} {item.spec}".strip()
            found.append({"label": item.name, "detail": detail, "url": url, "icon": "box"})
    for partner in public.find_partners(text, limit=MOST_HITS - min(len(found), MOST_HITS // 2)):
        url = reverse("masterdata:partner", args=[partner.id])
        found.append({"label": partner.name, "detail": partner.code, "url": url, "icon": "address-book"})
    return found[:MOST_HITS]


registry.add_search("masterdata", search)
