import fastify, { type FastifyInstance } from "fastify";

/** A Fastify that hands bodies over as text whatever their type: each surface has its own words for bad ones. */
export function createApp(bodyLimit = 4 * 1024 * 1024): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, bodyLimit });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
    reply.code(error.statusCode ?? (error instanceof SyntaxError ? 400 : 500)).send({ error: error.message }),
  );
  return app;
}

/** Refuses what a page of another site makes a browser send to this machine. */
export function onlyForThisMachine(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ headers }, reply) => {
    const host = (headers.host ?? "").replace(/:\d+$/, "");
    const site = headers["sec-fetch-site"];
    if (!["localhost", "127.0.0.1"].includes(host) || site === "cross-site" || site === "same-site") {
      await reply.code(403).send({ error: "only this machine may ask, by the name localhost" });
    }
  });
}
