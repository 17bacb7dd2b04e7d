"""What the style page shows: invented rows, forms and states. Only for development."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from kernel.templatetags.qz import TONE_OF

LANE_JOBS = (
    ("数控车床 1#", 84, ((1, 6, "MO-1126", "法兰盘 DN50", "q-j-run", 60), (8, 5, "MO-1129", "齿轮 M2-40", "", 0))),
    ("数控车床 2#", 84, ((1, 4, "MO-1127", "传动轴 Φ32", "q-j-done", 100), (5, 7, "MO-1130", "连接套 G1", "", 0))),
    ("加工中心 VMC850", 84, ((2, 7, "MO-1128", "轴承座 UCP205", "q-j-late", 27),)),
)
LANE_DAYS = [
    f"{day}{number}" for day, number in zip("二三四五六日一二三四五六日一二三", [*range(17, 31), 1, 2], strict=True)
]
ACCOUNTS = (
    ("1002", "银行存款", "yhck", "余额 757,559.70"),
    ("1122", "应收账款", "yszk", "余额 684,554.00"),
    ("222101", "应交税费-应交增值税（进项税额）", "yjsf", "余额 227,127.00"),
    ("222102", "应交税费-应交增值税（销项税额）", "yjsf", "余额 41,317.00"),
    ("5001", "主营业务收入", "zyywsr", ""),
)


class SampleForm(forms.Form):
    """One control of each kind; bound to nothing, so that the required ones show their errors."""

    name = forms.CharField(label="企业名称", help_text="与营业执照一致")
    mail = forms.EmailField(label="邮箱", required=False)
    standard = forms.ChoiceField(label="会计准则", choices=(("small", "小企业会计准则"), ("general", "企业会计准则")))
    memo = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agree = forms.BooleanField(label="同意服务协议和隐私政策", required=False)
    pay = forms.ChoiceField(
        label="付款方式", choices=(("bank", "对公转账"), ("card", "银行卡")), widget=forms.RadioSelect, required=False
    )


def style_context() -> dict[str, Any]:
    """Context of style/index.html."""
    return {
        "vouchers": _vouchers(),
        "states": [
            ("", _("全部"), 126),
            ("draft", _("草稿"), 8),
            ("reviewed", _("已审核"), 3),
            ("posted", _("已记账"), 115),
        ],
        "form": SampleForm({}),
        "accounts_json": [dict(zip(("code", "text", "py", "hint"), row, strict=True)) for row in ACCOUNTS],
        "entry": _entry(),
        "words": sorted(TONE_OF),
        "steps": [_("上传"), _("匹配列"), _("检查"), _("完成")],
        "tabs": [
            {"label": _("科目余额表"), "url": "#", "current": True},
            {"label": _("利润表"), "url": "#", "current": False},
        ],
        "page": Paginator(range(120), 50).page(2),
        "days": [
            {"name": day[0], "no": day[1:], "css": "q-now" if day[1:] == "21" else "q-off" if day[0] in "六日" else ""}
            for day in LANE_DAYS
        ],
        "lanes": [{"name": name, "load": load, "jobs": [_job(*job) for job in jobs]} for name, load, jobs in LANE_JOBS],
    }


def _job(at: int, span: int, number: str, item: str, css: str, done: int) -> dict[str, Any]:
    return {"at": at, "span": span, "no": number, "item": item, "css": css, "done": done, "label": f"{number} {item}"}


def _vouchers() -> list[dict[str, Any]]:
    keys = ("id", "on", "no", "summary", "debit", "credit", "amount", "maker", "state", "files")
    rows = (
        (126, "11-20", "#126", "计提本月折旧", "制造费用-折旧费", "累计折旧", Decimal("76928.80"), "李敏", "草稿", 1),
        (
            115,
            "11-20",
            "记-115",
            "付苏州精工模具款",
            "应付账款",
            "银行存款-工商银行基本户",
            Decimal(6285),
            "张燕",
            "已记账",
            3,
        ),
        (
            122,
            "11-20",
            "#122",
            "支付 10 月车间电费",
            "管理费用-水电费",
            "银行存款",
            Decimal(75048),
            "张燕",
            "已审核",
            0,
        ),
        (
            121,
            "11-19",
            "记-114",
            "冲销多计运费",
            "销售费用-运输费",
            "银行存款",
            Decimal("-562.25"),
            "张燕",
            "已记账",
            0,
        ),
    )
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _entry() -> list[dict[str, Any]]:
    return [
        {"summary": "销售304不锈钢法兰 DN50", "code": "1122", "account": "1122 应收账款", "debit": "128500.50"},
        {"summary": "销售304不锈钢法兰 DN50", "code": "5001", "account": "5001 主营业务收入", "credit": "113717.26"},
        {"summary": "销项税额", "bad": _("请选择会计科目"), "credit": "-12.30"},
        {},
    ]
