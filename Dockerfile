FROM rust:1.95-slim-trixie AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/samverkan /usr/local/bin/samverkan

FROM debian:trixie-slim
# Certificates, to know issuers and mail servers by.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/samverkan samverkan
COPY --from=build /usr/local/bin/samverkan /usr/local/bin/samverkan
ENV SAMVERKAN_LISTEN=0.0.0.0:8080
ENV SAMVERKAN_DATABASE_URL=sqlite:///var/lib/samverkan/samverkan.db
USER 10001
WORKDIR /var/lib/samverkan
VOLUME /var/lib/samverkan
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && echo -e 'GET /health/ready HTTP/1.0\\r\\n\\r' >&3 && read -r -u 3 _ status _ && [ \"$status\" = 200 ]"]
ENTRYPOINT ["samverkan"]
CMD ["serve"]
