# docker build --tag qimen .
# docker run --rm --env QIMEN_APP_KEY --env QIMEN_SECRET --env QIMEN_CUSTOMER_ID --volume "$PWD:/work" qimen test …
FROM python:3.12-slim
COPY pyproject.toml README.md LICENSE /src/
COPY pytest_qimen /src/pytest_qimen
COPY cases /src/cases
COPY xsd /src/xsd
RUN pip install --no-cache-dir --disable-pip-version-check /src
WORKDIR /work
ENTRYPOINT ["qimen"]
CMD ["--help"]
