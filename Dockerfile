# syntax=docker/dockerfile:1
# mllint in a container: docker run --rm -v "$PWD:/src:ro" mllint
# The digest is the multi-platform index of the tag before it; a dependency bot moves both together.
FROM python:3.12.14-slim-trixie@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE container/constraints.txt ./
COPY mllint ./mllint
COPY rules ./rules
RUN python -m venv /opt/mllint \
    && /opt/mllint/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.12.14-slim-trixie@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea
COPY --from=build /opt/mllint /opt/mllint
ENV PATH=/opt/mllint/bin:$PATH
RUN useradd --create-home --uid 1000 mllint
USER 1000
WORKDIR /src
ENTRYPOINT ["mllint"]
CMD ["check", "."]
