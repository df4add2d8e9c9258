"""Attachments in GraphQL; the files themselves are fetched over REST."""

from datetime import datetime

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.type(
    description="附件 a file that came with a case: GET /cases/{caseId}/attachments/{attachmentId}"
)
class Attachment:
    attachment_id: strawberry.ID
    name: str
    media_type: str
    size: int = strawberry.field(description="字节")
    sha256: str = strawberry.field(description="内容的 SHA-256,十六进制")
    added_at: datetime
    removed_at: datetime | None = strawberry.field(description="已移除则有值")
    erased: bool = strawberry.field(description="个人信息已删除,不能再读取")
    unit_code: strawberry.Private[str]

    @strawberry.field(description="添加单位;居民添加则为空")
    async def unit(self, info: Info) -> Unit | None:
        return await unit_of(info, self.unit_code) if self.unit_code else None

    @classmethod
    def of(cls, row: RowMapping) -> "Attachment":
        same = "name media_type size sha256 added_at removed_at erased"
        return cls(
            attachment_id=strawberry.ID(row["attachment_id"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )
