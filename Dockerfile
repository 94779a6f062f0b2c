# Not built where it was written (no Docker engine there); kept plain for that reason.
FROM python:3.12-slim AS build
WORKDIR /src
RUN pip install --no-cache-dir uv
COPY pyproject.toml uv.lock README.md LICENSE NOTICE ./
RUN uv sync --frozen --no-install-project --extra server --python /usr/local/bin/python
COPY api api
COPY routeplanner routeplanner
COPY solvers solvers
RUN uv sync --frozen --no-editable --extra server --python /usr/local/bin/python
# Compiled for any CPU, as the image may run on another than it is built on; the path stays the same.
ENV NUMBA_CPU_NAME=generic ROUTEPLANNER_CACHE_DIR=/opt/routeplanner
RUN .venv/bin/routeplanner warmup && chmod -R a+rX /opt/routeplanner

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 planner
COPY --from=build /src/.venv /src/.venv
# Whoever else runs the image, or runs it read-only, works on a copy in the temporary folder.
COPY --from=build --chown=planner /opt/routeplanner /opt/routeplanner
ENV PATH="/src/.venv/bin:$PATH" NUMBA_CPU_NAME=generic ROUTEPLANNER_CACHE_DIR=/opt/routeplanner
USER planner
WORKDIR /home/planner
ENTRYPOINT ["routeplanner"]
CMD ["--help"]
