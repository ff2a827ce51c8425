# Two stages: the first checks the types and prepares what runs; the second has only that, and a user without rights.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
# With the optional packages: the compiler is one of them, in the form for this platform.
RUN npm ci --ignore-scripts
COPY src src
RUN npx tsc --noEmit && npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 NODE_COMPILE_CACHE=/tmp/compile-cache
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/src src
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Silent is npm alone: what it says itself would stand between the JSON lines of the log.
CMD ["npm", "--silent", "start"]
