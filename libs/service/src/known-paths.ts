import type { FastifyInstance } from "fastify";

/** Remembers which methods each path knows, to tell a wrong method from a wrong path. */
export function knownPaths(app: FastifyInstance): { methodsOf(url: string): string | undefined } {
  const routes: { segments: string[]; methods: string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    routes.push({ segments: url.split("/"), methods: [method].flat() });
  });
  return {
    /** The value of an `Allow` header, or undefined when nothing is known at this path. */
    methodsOf(url) {
      const [path = ""] = url.split("?", 1);
      const given = path.split("/");
      const methods = routes.filter(({ segments }) => matches(segments, given)).flatMap((route) => route.methods);
      return methods.length === 0 ? undefined : [...new Set(methods)].sort().join(", ");
    },
  };
}

function matches(segments: readonly string[], given: readonly string[]): boolean {
  const rest = segments.at(-1) === "*";
  if (rest ? given.length < segments.length : given.length !== segments.length) return false;
  return segments.every((segment, at) => segment === "*" || segment.startsWith(":") || segment === given[at]);
}
