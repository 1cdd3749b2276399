# docker build --tag sesgate .
# docker run --rm --volume "$PWD:/work:ro" --env AWS_PROFILE … sesgate check gate.yaml

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
COPY checks ./checks
COPY docs ./docs
# The environment holds no pip: nothing is installed in what runs.
RUN python -m venv --without-pip /opt/sesgate \
    && python -m pip --python /opt/sesgate/bin/python install --no-cache-dir --disable-pip-version-check \
        --constraint constraints.txt '.[message,seal]'

FROM python:3.13-slim
COPY --from=build /opt/sesgate /opt/sesgate
# A number, so that Kubernetes' runAsNonRoot can tell; it owns nothing, and the root file system may be read-only.
USER 65532:65532
WORKDIR /work
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PATH="/opt/sesgate/bin:$PATH"
HEALTHCHECK NONE
ENTRYPOINT ["sesgate"]
