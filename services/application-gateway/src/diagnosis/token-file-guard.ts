import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Problem } from "@application-connector/problem";
import { bearerToken, type Guard } from "./guard.ts";

/** What is shorter can be guessed. */
const shortest = 16;

/** Lets in who shows the token in a file. It is read anew each time, so that a rotated one holds at once. */
export function tokenFileGuard(file: string): Guard {
  return async (authorization) => {
    const given = bearerToken(authorization);
    if (given === undefined) return new Problem("AUTHENTICATION_REQUIRED", "a bearer token is required");
    let expected: string;
    try {
      expected = (await readFile(file, "utf8")).trim();
    } catch (cause) {
      return unusable(cause);
    }
    if (expected.length < shortest) {
      return unusable(new Error(`the token in '${file}' has less than ${shortest} characters`));
    }
    return timingSafeEqual(digest(given), digest(expected))
      ? undefined
      : new Problem("AUTHENTICATION_REQUIRED", "this is not the token");
  };
}

/** Where the file is, and what is wrong with it, is for the log. */
function unusable(cause: unknown): Problem {
  return new Problem("ACCESS_UNVERIFIED", "the token to compare with can't be used; the log says why", { cause });
}

/** Of equal length whatever the text is, as the comparison wants it. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
