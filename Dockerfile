# Not built where it was written (no Docker engine there); kept plain for that reason.
FROM python:3.12-slim AS build
WORKDIR /src
RUN pip install --no-cache-dir uv
COPY pyproject.toml uv.lock README.md LICENSE NOTICE ./
RUN uv sync --frozen --no-install-project --python /usr/local/bin/python
COPY api api
COPY routeplanner routeplanner
COPY solvers solvers
RUN uv sync --frozen --no-editable --python /usr/local/bin/python

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 planner
COPY --from=build /src/.venv /src/.venv
ENV PATH="/src/.venv/bin:$PATH"
USER planner
WORKDIR /home/planner
ENTRYPOINT ["routeplanner"]
CMD ["--help"]
