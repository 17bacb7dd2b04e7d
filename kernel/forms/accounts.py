"""Shapes of the sign-in, reset, invitation and security forms."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tenants.rights import ROLES


class SignInForm(forms.Form):
    account = forms.CharField(label=_("邮箱或手机号"), max_length=254)
    password = forms.CharField(label=_("密码"), widget=forms.PasswordInput, strip=False, max_length=200)


class CodeForm(forms.Form):
    code = forms.RegexField(r"^\d{6}$", label=_("动态验证码"), error_messages={"invalid": _("请输入 6 位数字。")})


class ResetRequestForm(forms.Form):
    account = forms.CharField(label=_("邮箱或手机号"), max_length=254)


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("新密码"),
        widget=forms.PasswordInput,
        strip=False,
        max_length=200,
        help_text=_("至少 8 位，不能全是数字。"),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(label=_("当前密码"), widget=forms.PasswordInput, strip=False, max_length=200)
    field_order = ["current", "password"]


class AcceptInvitationForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    password = forms.CharField(label=_("密码"), widget=forms.PasswordInput, strip=False, max_length=200)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = is_new
        if not is_new:
            self.fields.pop("name")
            self.fields["password"].help_text = _("这个账号已经存在，请输入它现在的密码。")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if self.is_new:
            validate_password(password)
        return password


def role_choices() -> list[tuple[str, Any]]:
    return list(ROLES.items())


class InviteForm(forms.Form):
    contact = forms.CharField(label=_("邮箱或手机号"), max_length=254)
    role = forms.ChoiceField(label=_("角色"), choices=role_choices, initial="accountant")


class MemberForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=role_choices)
    until = forms.DateField(
        label=_("有效期至（选填）"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=60)
    read_only = forms.BooleanField(label=_("只允许读取"), required=False)


class CompanyNameForm(forms.Form):
    name = forms.CharField(label=_("企业名称"), max_length=200)
