import { type DirectorError, invalid } from "./director-error.ts";

export interface PageArguments {
  first?: number | null;
  after?: string | null;
}

export interface Page<T> {
  data: readonly T[];
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean };
  totalCount: number;
}

const cursorPrefix = "DpKtJ4j9jDq";

export const encodeCursor = (offset: number): string => Buffer.from(`${cursorPrefix}${offset}`).toString("base64");

/** The offset in a cursor; one without the prefix is taken as well. */
export function decodeCursor(cursor: string | null | undefined): number {
  if (cursor === undefined || cursor === null || cursor === "") return 0;
  const mistake = (): DirectorError => invalid("cursor is not correct");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(cursor) || cursor.length % 4 !== 0) throw mistake();
  const text = Buffer.from(cursor, "base64").toString("utf8");
  const digits = text.startsWith(cursorPrefix) ? text.slice(cursorPrefix.length) : text;
  const offset = /^-?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(offset) || offset < 0) throw mistake();
  return offset;
}

/** Cuts one page out of a list. Offsets count in the list as it is now: what leaves it shifts the rest. */
export function pageOf<T>(all: readonly T[], { first, after }: PageArguments, limit = 200): Page<T> {
  if (first === undefined || first === null) throw invalid("missing required parameter 'first'");
  if (first < 1 || first > limit) {
    throw invalid(
      limit === Number.POSITIVE_INFINITY ? "page size must be at least 1" : "page size must be between 1 and 200",
    );
  }
  const offset = decodeCursor(after);
  const end = offset + first;
  const hasNextPage = end < all.length;
  return {
    data: all.slice(offset, end),
    pageInfo: { startCursor: after ?? "", endCursor: hasNextPage ? encodeCursor(end) : "", hasNextPage },
    totalCount: all.length,
  };
}
