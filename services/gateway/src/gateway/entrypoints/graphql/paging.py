"""What stands around a page of a list that is read forward."""

from collections.abc import Sequence

from strawberry import relay


def page_info(cursors: Sequence[str], *, more: bool, after: str | None) -> relay.PageInfo:
    """The page of these rows; whoever came ``after`` another one can go back."""
    return relay.PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
