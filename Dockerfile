# roadstream as an image: `docker build -t roadstream .`, then
# `docker run --env-file .env -p 3000:3000 -v roadstream-artifacts:/data/artifacts -v roadstream-segments:/data/segments roadstream`.
# Give `docker stop` more time than SHUTDOWN_GRACE_SECONDS: `--stop-timeout 40`. More, as a read-only file system: docs/image.md.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY stubs ./stubs
RUN npm ci
COPY . .
RUN npm run build && find dist/src \( -name '*.spec.*' -o -name '*.map' \) -delete

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY stubs ./stubs
# Libraries of S3, SQS and Kafka for those who need them: docs/image.md.
ARG WITH=""
COPY scripts/lean-modules.mjs ./scripts/
# The list of packages is made before the compiler goes, and without devDependencies in package.json: npm refuses to list where
# packages are missing, and its `--omit=dev` leaves out some that the service needs, such as ioredis.
RUN npm ci --omit=dev \
  && if [ -n "$WITH" ]; then npm install --no-save --save-prod --omit=dev $WITH; fi \
  && npm pkg delete devDependencies \
  && npm sbom --sbom-format=cyclonedx >sbom.json \
  && node scripts/lean-modules.mjs

FROM node:22-bookworm-slim
# tini hands SIGTERM on and reaps what a killed ffmpeg leaves; ca-certificates lets ffmpeg check HTTPS cameras.
# Mesa's drivers draw on screens, which nobody has here. They and their compiler are 163 MB, and ffmpeg does not link them.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ffmpeg ca-certificates tini \
  && dpkg --remove --force-depends libgl1-mesa-dri libllvm15 libz3-4 \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
  && mkdir -p /data/artifacts /data/segments \
  && chown node:node /data/artifacts /data/segments
ENV NODE_ENV=production ARTIFACTS_DIR=/data/artifacts SEGMENTS_DIR=/data/segments
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=dependencies /app/stubs ./stubs
COPY --from=dependencies /app/sbom.json ./
COPY --from=build /app/dist/src ./dist/src
COPY --from=build /app/models/road-damage.onnx /app/models/MODEL_CARD.md ./models/
USER node
VOLUME /data/artifacts /data/segments
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/src/main.js"]
