/** Tells whether an event's type is one of those that a pattern stands for. */
export type TypePattern = (type: string) => boolean;

const segmentShape = /^[^\s,*]+$/;

/**
 * Reads a pattern such as `order.*.v1` or `order.**`: `*` stands for one segment, `**`, as the last one, for whatever
 * follows, but at least one segment. Undefined when it is none.
 */
export function parseTypePattern(text: string): TypePattern | undefined {
  const segments = text.split(".");
  const rest = segments.at(-1) === "**";
  if (rest) segments.pop();
  if (segments.some((segment) => segment !== "*" && !segmentShape.test(segment))) return undefined;
  if (!rest && !segments.includes("*")) return (type) => type === text;
  return (type) => {
    const given = type.split(".");
    if (rest ? given.length <= segments.length : given.length !== segments.length) return false;
    return segments.every((segment, at) => segment === "*" || segment === given[at]);
  };
}
