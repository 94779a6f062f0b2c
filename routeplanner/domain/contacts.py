"""Whom to speak to, as far as the columns of a store list that are carried through tell."""

from routeplanner.domain.store import Store

_CONTACT_WORDS = (
    "contact",
    "联系人",
    "负责人",
    "ansprechpartner",
    "kontakt",
    "店长",
    "电话",
    "phone",
)
_SUPERVISOR_WORDS = ("supervisor", "上级主管", "直属主管", "vorgesetzt", "teamleit")


def contact_text(store: Store) -> str | None:
    """The contact of a store: columns carried through that name one, and the phone."""
    others = _carried(store, _SUPERVISOR_WORDS)
    carried = {k: v for k, v in _carried(store, _CONTACT_WORDS).items() if k not in others}
    return ", ".join(part for part in (*carried.values(), store.phone) if part) or None


def supervisor_text(store: Store) -> str | None:
    """The supervisor of a store's rep, where a column names one."""
    return ", ".join(_carried(store, _SUPERVISOR_WORDS).values()) or None


def _carried(store: Store, words: tuple[str, ...]) -> dict[str, str]:
    return {
        key: value
        for key, value in store.extra.items()
        if value and any(word in key.lower() for word in words)
    }
