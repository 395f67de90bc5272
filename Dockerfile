# Node 22, not 24: better-sqlite3 12 aborts there when a statement is garbage-collected (the code keeps them all, but
# an image need not try). Debian on both sides: the compiled SQLite and libvips want the same C library.
FROM node:22-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json LICENSE ./
COPY scripts ./scripts
COPY src ./src
COPY views ./views
COPY locales ./locales
COPY static ./static
COPY migrations ./migrations
# All that there is to it; the tests do the same and start the result.
RUN node scripts/install-production.mjs --installed /app

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="StarPunk" \
      org.opencontainers.image.description="A self-hosted IndieWeb blog for one author" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
# A new volume takes over owner and rights of this folder.
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Give it time to finish what is in flight: docker stop --time 15.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
