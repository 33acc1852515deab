"""What the endpoints take and answer with."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from claimx.schema import AttributionType, Extraction, Kind, ModelInfo


class ExtractRequest(BaseModel):
    """An article: its text, or its HTML, or where the server allows it, its address."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, description="the text; offsets of the answer are code points into it")
    html: str | None = Field(default=None, description="a web page, of which the article is taken")
    url: str | None = Field(
        default=None, description="without text and html: the page to fetch; with them: where they come from"
    )
    id: str = "text"
    title: str | None = None
    explain: bool = Field(default=False, description="tell how speakers were found")
    kinds: set[Kind] | None = Field(default=None, description="only claims of these kinds")
    types: set[AttributionType] | None = Field(default=None, description="only claims of these types")
    speaker: str | None = Field(default=None, description="only claims of speakers whose name holds this")
    min_confidence: float = Field(default=0.0, ge=0, le=1)


class BatchRequest(BaseModel):
    """Articles, each as `POST /v1/extract` takes it, with an id of its own (default: its position, from "1")."""

    model_config = ConfigDict(extra="forbid")

    # Each is checked by itself when its turn comes, so that one that is wrong costs its own line only.
    articles: Annotated[
        list[Any], WithJsonSchema({"type": "array", "items": {"$ref": "#/components/schemas/ExtractRequest"}})
    ]


class ExtractResponse(Extraction):
    """The contract, and with `html` or `url` the text that its offsets are of."""

    text: str | None = None


class Health(BaseModel):
    version: str
    model: ModelInfo
    allow_fetch: bool
