# One image for either runtime: docker build --build-arg RUNTIME=deno|bun -t shopfloor .
# The runtimes are those of package.json: npm is where they come from, and nothing of npm is in the image.
ARG RUNTIME=deno

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev --no-package-lock --no-audit --no-fund --no-update-notifier \
  && mkdir /runtimes \
  && cp "$(node -p 'require("fs").realpathSync("node_modules/deno/deno")')" /runtimes/deno \
  && cp "$(node -p 'require("fs").realpathSync("node_modules/bun/bin/bun.exe")')" /runtimes/bun \
  && rm -r node_modules/deno node_modules/bun node_modules/@deno node_modules/@oven node_modules/.bin

FROM debian:12-slim AS deno
COPY --from=packages /runtimes/deno /usr/local/bin/deno
ENV DENO_DIR=/tmp/deno DENO_NO_UPDATE_CHECK=1
RUN printf '#!/bin/sh\nexec deno run -A --no-lock --cached-only --node-modules-dir=manual "$@"\n' > /usr/local/bin/run-module

FROM debian:12-slim AS bun
COPY --from=packages /runtimes/bun /usr/local/bin/bun
RUN printf '#!/bin/sh\nexec bun run "$@"\n' > /usr/local/bin/run-module

FROM ${RUNTIME} AS image
RUN printf '#!/bin/sh\nexec run-module /app/mod.ts "$@"\n' > /usr/local/bin/shopfloor \
  && printf '%s\n' \
    'const url = `http://127.0.0.1:${process.env.SHOPFLOOR_PORT}/livez`;' \
    'const answer = await fetch(url).catch(() => undefined);' \
    'process.exit(answer?.ok ? 0 : 1);' > /usr/local/lib/healthy.mjs \
  && chmod 755 /usr/local/bin/run-module /usr/local/bin/shopfloor \
  && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin shopfloor \
  && install -d -o shopfloor -g shopfloor /data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json deno.json tsconfig.json mod.ts LICENSE ./
COPY compat compat
COPY src src
COPY workers workers
COPY examples examples

# Everybody outside the container is "elsewhere": the server refuses to listen there without SHOPFLOOR_TOKEN.
ENV SHOPFLOOR_HOST=0.0.0.0 SHOPFLOOR_PORT=8787 SHOPFLOOR_DATA=/data
USER 10001
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["run-module", "/usr/local/lib/healthy.mjs"]
# The first one drains: what was bought is finished, delivered and committed. Give it as long as a drain may take.
STOPSIGNAL SIGTERM
ENTRYPOINT ["shopfloor"]
CMD ["start"]
