"""Data promises in plain words: the page is made from this list, and each entry is one that holds today."""

from typing import NamedTuple

from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _


class DataPromise(NamedTuple):
    code: str
    title: Words
    text: Words


PROMISES = (
    DataPromise("R1", _("不替您报送"), _("系统不会自行向任何机关发送您的数据，也没有这样的接口。")),
    DataPromise("R4", _("不拿您的数据做文章"), _("未经您同意，我们不用您的数据做统计、模型或行业对比。")),
    DataPromise("C1", _("别人不知道您在用"), _("没有企业名录；注册和登录时，谁都查不出某家企业是不是我们的客户。")),
    DataPromise("C5", _("员工看不到您的账"), _("运营后台只有订阅、用量和账单，看不到您的凭证、库存和客户。")),
    DataPromise("C7", _("随时带走"), _("每张列表都能导出 Excel；退订后数据保留 30 天供导出，之后删除。")),
    DataPromise("C8", _("历史不能改写"), _("已记账的凭证只能红字冲销。每张凭证与前一张首尾相扣，改动会被核验发现。")),
    DataPromise("C9", _("按企业隔离和备份"), _("每家企业的数据放在单独的库区，可以单独备份、单独恢复。")),
)
