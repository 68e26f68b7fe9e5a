# syntax=docker/dockerfile:1
# The image of one program: docker build --build-arg SERVICE=application-gateway -t application-connector/application-gateway .
# `npm run images` builds the same without an engine. The last stage has Node, the libraries that it needs, and the program:
# no shell, no package manager, nothing that can be written.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
ARG SERVICE
WORKDIR /source
COPY . .
RUN test -d "services/${SERVICE:?name a program: --build-arg SERVICE=application-gateway}" \
 && npm ci --no-audit --no-fund \
 && cd "services/${SERVICE}" && node ../../tools/bundle.ts /image/app \
 && rm -f /image/app/*.map
RUN mkdir -p /image/nodejs/bin /image/etc /image/tmp && chmod 1777 /image/tmp \
 && cp "$(command -v node)" /image/nodejs/bin/node \
 && ldd /image/nodejs/bin/node | grep -o '/[^ ]*' | sort -u | while read -r library; do \
      mkdir -p "/image$(dirname "$library")" && cp -L "$library" "/image$library"; done \
 && echo 'nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin' > /image/etc/passwd \
 && echo 'nonroot:x:65532:' > /image/etc/group \
 && echo 'hosts: files dns' > /image/etc/nsswitch.conf

FROM scratch
ARG SERVICE
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="${SERVICE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
USER 65532:65532
ENV NODE_ENV=production
ENTRYPOINT ["/nodejs/bin/node", "/app/main.mjs"]
