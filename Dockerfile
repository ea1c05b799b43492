# The site and its worker in one image; docker-compose.yml starts both from it.

FROM python:3.13-slim AS build
WORKDIR /site
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --require-hashes -r requirements.lock
COPY manage.py pyproject.toml ./
COPY config config
COPY declarations declarations
COPY indicators indicators
COPY templates templates
COPY static static
# The settings want a secret and a database even to copy files; these are random, or nobody's, and stay in this step.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    ALLOWED_HOSTS=build.invalid DATABASE_URL=postgresql://build.invalid/none \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q config declarations indicators

FROM python:3.13-slim
# A Chinese font for the PDFs; mount 仿宋 and 黑体 below /usr/share/fonts, or name their folder in FONT_PATHS, to have those.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin site \
    && install -d -o site -g site -m 700 /uploads
COPY --from=build /venv /venv
COPY --from=build /site /site
WORKDIR /site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/uploads
USER site
VOLUME /uploads
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "config.health"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "4", "--blocking-threads", "1", "--respawn-failed-workers", "config.wsgi:application"]
