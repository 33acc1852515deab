"""The page for people: a form that takes a text, a file or an address, and the report it leads to."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from claimx import __version__
from claimx.web.problems import as_http_errors
from claimx.web.proxy import is_loopback
from claimx.web.service import Service
from claimx.writers.html import to_html

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; img-src data:; base-uri 'none'"


def add_pages(app: FastAPI, service: Service) -> None:
    template = Environment(autoescape=True).from_string((files("claimx.web") / "form.html").read_text("utf-8"))

    def form(request: Request, status: int = 200, error: str = "", text: str = "", url: str = "") -> HTMLResponse:
        page = template.render(
            error=error,
            text=text,
            url=url,
            allow_fetch=service.options.allow_fetch,
            version=__version__,
            root=service.options.root_path,
            host=request.url.hostname,
            stays=_stays(request, service),
        )
        return HTMLResponse(page, status, {"Content-Security-Policy": _POLICY})

    @app.get("/", include_in_schema=False)
    async def home(request: Request) -> HTMLResponse:
        return form(request)

    @app.get("/report", include_in_schema=False)
    async def again(request: Request) -> HTMLResponse:
        return form(request)

    @app.post("/report", include_in_schema=False)
    async def report(
        request: Request,
        text: Annotated[str, Form()] = "",
        url: Annotated[str, Form()] = "",
        file: UploadFile | None = None,
    ) -> HTMLResponse:
        try:
            with as_http_errors():
                service.check_load()
                data = await file.read() if file and file.filename else b""
                article = await service.article(
                    text=text.replace("\r\n", "\n") if text.strip() else None,
                    data=data,
                    name=file.filename if file and file.filename else "",
                    url=url.strip() or None,
                    id="pasted text",
                    title=None,
                )
                with service.counted():
                    reading = await service.read(article)
        except HTTPException as error:
            return form(request, error.status_code, error.detail, text, url)
        return HTMLResponse(to_html([reading], back=f"{service.options.root_path}/"))


def _stays(request: Request, service: Service) -> bool:
    """Whether what is pasted stays on the machine of whoever pastes it, as far as a server can tell: it listens to that
    machine alone, no proxy has a part in it, and the browser calls it by a name of that machine."""
    options = service.options
    outside = options.root_path or options.trusted_proxies or request.scope["state"]["proxied"]
    return options.is_local and not outside and is_loopback(request.url.hostname or "")
