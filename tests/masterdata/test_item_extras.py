"""Pictures, labels and families: what hangs on items and what makes many of them at once."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.masterdata.domain.own_labels import read_label
from apps.masterdata.labels import labels_of
from apps.masterdata.models import Family, Item
from kernel.models import Attachment
from tenants.context import tenant_context
from tests.masterdata.given import given, given_item

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FAMILIES = "/masterdata/settings/families/"


def picture(name: str = "螺栓.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def test_a_picture_shows_on_the_item_and_goes_with_it(page_of, api_of, hongda):
    item = given_item(api_of("alice"))
    alice, path = page_of("alice"), f"/masterdata/items/{item['id']}/"

    added = alice.post(f"{path}pictures/", {"file": picture()})
    with tenant_context(hongda):
        kept = Attachment.objects.get(owner=f"item:{item['id']}")
    page = alice.get(path).content.decode()

    assert added.status_code == 302 and f'<img src="/files/{kept.pk}/"' in page
    assert alice.get(f"/files/{kept.pk}/")["Content-Type"] == "image/png"
    assert page_of("charlie").get(f"/files/{kept.pk}/").status_code == 404
    assert alice.post(f"{path}pictures/{kept.pk}/delete/").status_code == 302
    assert alice.post(f"{path}pictures/{kept.pk}/delete/").status_code == 404
    alice.post(f"{path}pictures/", {"file": picture()})
    alice.post(f"{path}delete/")
    with tenant_context(hongda):
        assert not Item.objects.exists() and not Attachment.objects.exists()


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(page_of, api_of, hongda):
    item = given_item(api_of("alice"))
    path = f"/masterdata/items/{item['id']}/pictures/"

    for upload in (picture("螺栓.pdf", b"%PDF-1.7"), picture("螺栓.png", b"MZ\x90\x00"), None):
        answer = page_of("alice").post(path, {"file": upload} if upload else {}, follow=True)
        assert answer.status_code == 200
    with tenant_context(hongda):
        assert not Attachment.objects.exists()


def test_the_pictures_of_a_merged_item_stay(page_of, api_of, hongda):
    keep, drop = given_item(api_of("alice")), given_item(api_of("alice"), code="M6-BOLT-OLD", name="六角螺栓旧")
    page_of("alice").post(f"/masterdata/items/{drop['id']}/pictures/", {"file": picture()})

    page_of("alice").post(f"/masterdata/items/{keep['id']}/merge/", {"drop": "M6-BOLT-OLD"})

    with tenant_context(hongda):
        assert Attachment.objects.get().owner == f"item:{keep['id']}"


def test_labels_carry_a_code_that_our_scanner_reads(page_of, api_of, hongda):
    item = given_item(api_of("alice"), code="FL-DN50|A", name="法兰盘 DN50")
    other = given_item(api_of("alice"))

    for size in ("60x40", "100x100"):
        paper = page_of("alice").get(f"/masterdata/items/labels/?ids={item['id']},{other['id']}&size={size}&copies=2")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    with tenant_context(hongda):
        rows = list(Item.objects.prefetch_related("barcodes").order_by("id"))
        labels = labels_of(rows, copies=2)

    assert [label.item.code for label in labels] == ["FL-DN50|A", "FL-DN50|A", "M6-BOLT", "M6-BOLT"]
    assert read_label("QZ1|item|FL-DN50%7CA").code == "FL-DN50|A"
    assert "<svg" in labels[0].picture and labels[0].picture != labels[2].picture


@pytest.mark.parametrize(
    "query", ["", "ids=x", "ids={id}&size=9x9", "ids={id}&copies=999", "ids={id}&copies=0", "ids=99999999999999999999"]
)
def test_an_odd_wish_for_labels_is_told_so(page_of, api_of, query):
    item = given_item(api_of("alice"))

    answer = page_of("alice").get(f"/masterdata/items/labels/?{query.format(id=item['id'])}")

    assert answer.status_code == 400


def family_form(axes: list[tuple[str, str]], **more: str) -> dict[str, str]:
    rows = {
        f"axes-{place}-{name}": value
        for place, row in enumerate(axes)
        for name, value in zip(("axis", "values"), row, strict=True)
    }
    total = {"axes-TOTAL_FORMS": str(len(axes)), "axes-INITIAL_FORMS": "0"}
    return {"code": "TS", "name": "工作服", "stock_unit": "pcs", "category": "", "pattern": "", **rows, **total, **more}


def test_a_family_makes_each_combination_once(page_of, hongda):
    alice = page_of("alice")

    saved = alice.post(f"{FAMILIES}new/", family_form([("颜色", "RD=红；BL=蓝；BK=黑"), ("尺码", "S；M；L；XL")]))
    before = alice.get(FAMILIES).content.decode()
    with tenant_context(hongda):
        family = Family.objects.get()
    alice.post(f"{FAMILIES}{family.pk}/generate/")
    alice.post(f"{FAMILIES}{family.pk}/generate/")

    assert saved.status_code == 302 and "生成 12 个变体" in before  # 3 colours x 4 sizes
    with tenant_context(hongda):
        codes = sorted(Item.objects.values_list("code", flat=True))
        assert len(codes) == 12 and codes[0] == "TS-BK-L"
        assert Item.objects.get(code="TS-RD-XL").name == "工作服 红 / XL"
    page = alice.get(FAMILIES).content.decode()
    assert "颜色：红、蓝、黑；尺码：S、M、L、XL" in page and "个变体</span>" not in page
    assert alice.get(f"{FAMILIES}{family.pk}/").content.decode().count("RD=红；BL=蓝；BK=黑") == 1
    assert alice.post(f"{FAMILIES}{family.pk}/delete/").status_code == 302
    with tenant_context(hongda):
        assert Family.objects.exists()  # it has variants


def test_a_family_that_cannot_work_keeps_what_was_typed(page_of, hongda):
    answer = page_of("alice").post(
        f"{FAMILIES}new/", family_form([("颜色", "红；红")], pattern="{family}-{尺码}"), follow=True
    )

    page = answer.content.decode()
    assert answer.status_code == 422 and "红；红" in page and 'role="alert"' in page


def test_only_editors_change_families_and_others_never_see_them(page_of, api_of, hongda):
    given(api_of("alice"), "families", code="TS", name="工作服", axes={"尺码": ["S", "M"]})
    with tenant_context(hongda):
        family = Family.objects.get()

    assert "工作服" not in page_of("charlie").get(FAMILIES).content.decode()
    assert page_of("charlie").get(f"{FAMILIES}{family.pk}/").status_code == 404
    assert page_of("charlie").post(f"{FAMILIES}{family.pk}/generate/").status_code == 404


def test_labels_print_as_one_page_each(page_of, api_of):
    item = given_item(api_of("alice"))

    paper = page_of("alice").get(f"/masterdata/items/labels/?ids={item['id']}&copies=3").content

    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") in (0, 3)  # compressed or plain
    assert io.BytesIO(paper).read(5) == b"%PDF-"
