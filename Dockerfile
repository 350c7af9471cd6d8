# One image for web, worker, beat and prepare. Nothing in it is writable by the user it runs as.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt
COPY . .
RUN python -m config.launcher catalogues \
 && STATIC_ROOT=/app/staticfiles python bin/with-settings python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin terang \
 && install -d -o terang -g terang -m 0700 /media
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    TERANG_ENV=production \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/media \
    FONTCONFIG_FILE=/app/config/fonts.conf
USER terang
EXPOSE 8000
ENTRYPOINT ["/app/config/docker/entry"]
CMD ["web"]
