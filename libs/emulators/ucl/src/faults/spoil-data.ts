import type { FaultAction, PageFault } from "./faults.ts";

type Data = Record<string, unknown>;
interface PageData {
  data: unknown[];
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean };
  totalCount: number;
}

/** A good answer changed as an action asks. `earlier` holds the last page of every root field as it was. */
export function spoilData(data: Data, action: FaultAction, earlier: Map<string, PageData>): Data {
  const pages = Object.entries(data).filter((entry): entry is [string, PageData] => isPage(entry[1]));
  if (action.nullField === undefined && action.setField === undefined && action.page === undefined) {
    for (const [field, page] of pages) earlier.set(field, page);
    return data;
  }
  const spoiled = JSON.parse(JSON.stringify(data)) as Data;
  if (action.nullField !== undefined) setAt(spoiled, action.nullField.split("."), null);
  if (action.setField !== undefined) setAt(spoiled, action.setField.path.split("."), action.setField.value);
  for (const [field, page] of pages) {
    if (action.page !== undefined) spoilPage(spoiled[field] as PageData, action.page, earlier.get(field));
    earlier.set(field, page);
  }
  return spoiled;
}

function spoilPage(page: PageData, fault: PageFault, before: PageData | undefined): void {
  switch (fault) {
    case "drop":
      page.data.pop();
      return;
    case "double":
      page.data[page.data.length - 1] = page.data[0];
      return;
    case "cut":
      page.pageInfo = { ...page.pageInfo, hasNextPage: false, endCursor: "" };
      return;
    case "noCursor":
      page.pageInfo = { ...page.pageInfo, hasNextPage: true, endCursor: "" };
      return;
    case "sameCursor":
      page.pageInfo = { ...page.pageInfo, hasNextPage: true, endCursor: page.pageInfo.startCursor };
      return;
    case "miscount":
      page.totalCount += 1;
      return;
    case "repeat":
      if (before !== undefined) page.data = before.data;
  }
}

function isPage(value: unknown): value is PageData {
  return (
    typeof value === "object" && value !== null && "pageInfo" in value && "data" in value && Array.isArray(value.data)
  );
}

function setAt(target: unknown, [head, ...rest]: string[], value: unknown): void {
  if (typeof target !== "object" || target === null || head === undefined) return;
  const holder = target as Data;
  for (const key of head === "*" ? Object.keys(holder) : [head]) {
    if (rest.length > 0) setAt(holder[key], rest, value);
    else if (key in holder) holder[key] = value;
  }
}
