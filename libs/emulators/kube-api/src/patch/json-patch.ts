import { copyJson, isFields, sameJson } from "../json.ts";
import { ApiError } from "../status.ts";

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** The real server does not say which operation it was. */
const refused = () =>
  new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});

/** RFC 6902, on a copy. */
export function jsonPatch(target: unknown, operations: readonly Operation[]): unknown {
  let document = { root: copyJson(target) };
  for (const operation of operations) {
    try {
      document = { root: run(document.root, operation) };
    } catch (error) {
      if (error instanceof PatchError) throw refused();
      throw error;
    }
  }
  return document.root;
}

class PatchError extends Error {}

function run(root: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case "test":
      if (!sameJson(read(root, path), value)) throw new PatchError(`testing path ${path} failed`);
      return root;
    case "add":
      return write(root, path, copyJson(value), "insert");
    case "replace":
      read(root, path);
      return write(root, path, copyJson(value), "overwrite");
    case "remove":
      read(root, path);
      return write(root, path, undefined, "remove");
    case "move": {
      const moved = read(root, from ?? "");
      return write(write(root, from ?? "", undefined, "remove"), path, moved, "insert");
    }
    case "copy":
      return write(root, path, copyJson(read(root, from ?? "")), "insert");
    default:
      throw new PatchError(`Unexpected kind: ${op}`);
  }
}

function segments(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new PatchError(`missing path: ${path}`);
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(root: unknown, path: string): unknown {
  let current = root;
  for (const part of segments(path)) {
    if (Array.isArray(current) && /^\d+$/.test(part) && Number(part) < current.length) current = current[Number(part)];
    else if (isFields(current) && Object.hasOwn(current, part)) current = current[part];
    else throw new PatchError(`path does not exist: ${path}`);
  }
  return current;
}

type How = "insert" | "overwrite" | "remove";

function write(root: unknown, path: string, value: unknown, how: How): unknown {
  const parts = segments(path);
  const last = parts.pop();
  if (last === undefined) return value;
  const parent = read(root, parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
  if (Array.isArray(parent)) {
    const index = last === "-" && how === "insert" ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw new PatchError(`invalid index: ${last}`);
    if (how === "insert") parent.splice(index, 0, value);
    else if (how === "overwrite") parent[index] = value;
    else parent.splice(index, 1);
  } else if (isFields(parent)) {
    if (how === "remove") delete parent[last];
    else parent[last] = value;
  } else {
    throw new PatchError(`path does not lead into an object or list: ${path}`);
  }
  return root;
}
