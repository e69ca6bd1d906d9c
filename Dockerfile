# Serves a mock provider at port 4242. Every option has a variable: docs/ci.md
FROM python:3.13-slim-bookworm AS build

WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY mockprovider mockprovider
COPY profiles profiles
RUN python -m venv /opt/mockprovider && \
    /opt/mockprovider/bin/pip install --no-cache-dir .


FROM python:3.13-slim-bookworm

RUN useradd --system --uid 10001 --create-home --home-dir /tapes mockprovider
COPY --from=build /opt/mockprovider /opt/mockprovider

# Only what asks from within the container reaches the control plane under /-/.
ENV PATH=/opt/mockprovider/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MOCKPROVIDER_HOST=0.0.0.0 \
    MOCKPROVIDER_PORT=4242

USER 10001
WORKDIR /tapes
EXPOSE 4242

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['MOCKPROVIDER_PORT']), timeout=2); c.request('GET', '/-/health'); raise SystemExit(c.getresponse().status != 200)"]

ENTRYPOINT ["mockprovider"]
CMD ["serve", "--profile", "openai"]
