"""The page of the development identity provider: everybody of the demo county, by unit, one press each."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Final

from backbone.identity import Actor
from chuishao.county import County
from contracts.permissions import ROLES

_KEPT: Final = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
_STYLE: Final = (
    "body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "section{margin:1rem 0}h2{font-size:1rem;margin:.5rem 0}"
    "button{font:inherit;padding:.4rem .8rem;margin:.2rem}"
    "input{font:inherit;padding:.4rem}.said{color:#b00020}"
)


def page(people: Iterable[Actor], asked: Mapping[str, str], said: str = "") -> str:
    """HTML whose form keeps what was asked; `said` is why the last choice was not good."""
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(asked[name])}">'
        for name in _KEPT
        if name in asked
    )
    names = {unit["code"]: unit["name"] for unit in County().units}
    units = "".join(
        f"<section><h2>{escape(names.get(unit, unit))}</h2>{''.join(map(_button, members))}</section>"
        for unit, members in groupby(people, lambda each: each.unit)
    )
    told = f'<p class="said" role="alert">{escape(said)}</p>' if said else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>开发登录</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>开发登录 · 选择身份</h1>"
        "<p>只在本机使用,不需要密码。Development only: choose anybody, no password.</p>"
        f'{told}<form method="post" action="/authorize">{kept}'
        '<p><label>其他身份 <input name="as" placeholder="角色@单位 ROLE@UNIT"></label>'
        f"<button>登录</button></p>{units}</form></main></body></html>"
    )


def _button(person: Actor) -> str:
    label = f"{person.name} · {ROLES[person.role]}"
    return f'<button name="sub" value="{escape(person.subject)}">{escape(label)}</button>'
