import { METHODS } from "node:http";
import fastify, { type FastifyInstance } from "fastify";
import { hijacked } from "./exchange.ts";
import { answerRoutes } from "./routes/answers.ts";
import { brokenRoutes } from "./routes/broken.ts";
import { echo } from "./routes/echo.ts";
import { type Orders, orderRoutes } from "./routes/orders.ts";
import { sizeRoutes } from "./routes/sizes.ts";
import { streamRoutes } from "./routes/streams.ts";

/** All routes; what is none of them is echoed. */
export async function createApp(orders: Orders): Promise<FastifyInstance> {
  const app = fastify({ exposeHeadRoutes: false, routerOptions: { maxParamLength: 1_048_576 } });
  // Every method Node's parser knows is routed, and no body is touched before a route asks for it.
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  app.setNotFoundHandler(hijacked(echo));
  sizeRoutes(app);
  streamRoutes(app);
  answerRoutes(app);
  brokenRoutes(app);
  orderRoutes(app, orders);
  await app.ready();
  return app;
}

/** The target as the router can take it. Odd ones (`*`, absolute, bad escapes) belong to no route, so they are echoed. */
export function routable(target: string): string {
  try {
    decodeURIComponent(target);
    return target.startsWith("/") ? target : "/echo";
  } catch {
    return "/echo";
  }
}
