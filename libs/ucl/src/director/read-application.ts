import type {
  DirectorApi,
  DirectorAuth,
  DirectorBundle,
  DirectorCredential,
  DirectorDefinition,
  Parameters,
} from "./application.ts";
import {
  type Fields,
  fieldsAt,
  fieldsOrNone,
  idAt,
  isFields,
  isNone,
  listAt,
  MalformedError,
  textAt,
  textOrNone,
} from "./decode.ts";
import { createTally, pageAt, type Tally } from "./page.ts";

/** A list whose first page was read, and which goes on. */
export interface OpenList {
  readonly list: "bundles" | "apiDefinitions" | "eventDefinitions";
  /** Of definitions: whose they are. */
  readonly bundle: string | undefined;
  readonly place: string;
  /** Takes in another page; undefined when that was the last. */
  take(page: unknown): void;
  readonly next: string | undefined;
}

type Opened = (list: OpenList) => void;

/** A nullable page of items: those that came with it, and, if there are more, how to take those in. */
function readList<T>(
  value: unknown,
  which: Pick<OpenList, "list" | "bundle" | "place">,
  read: (item: unknown, place: string) => T & { readonly id: string },
  opened: Opened,
): T[] {
  if (isNone(value)) return [];
  const { place } = which;
  const tally = createTally(place);
  const items: T[] = [];
  const takeIn = (page: unknown): string | undefined => takePage(page, place, tally, items, read);
  let next = takeIn(value);
  if (next === undefined) return items;
  opened({
    ...which,
    take: (page) => {
      next = takeIn(page);
    },
    get next() {
      return next;
    },
  });
  return items;
}

function takePage<T>(
  value: unknown,
  place: string,
  tally: Tally,
  items: T[],
  read: (item: unknown, place: string) => T & { readonly id: string },
): string | undefined {
  const page = pageAt(value, place);
  for (const raw of page.items) {
    const item = read(raw, `${place}[${items.length}]`);
    tally.item(item.id);
    items.push(item);
  }
  const next = tally.page(page);
  if (next === undefined) tally.finish();
  return next;
}

export function readBundles(value: unknown, opened: Opened): DirectorBundle[] {
  return readList(value, { list: "bundles", bundle: undefined, place: "bundles" }, bundleReader(opened), opened);
}

const bundleReader =
  (opened: Opened) =>
  (value: unknown, place: string): DirectorBundle => {
    const fields = fieldsAt(value, place);
    const bundle = idAt(fields["id"], `${place}.id`);
    return {
      id: bundle,
      name: textAt(fields["name"], `${place}.name`),
      description: textOrNone(fields["description"], `${place}.description`) ?? "",
      inputSchema: textOrNone(fields["instanceAuthRequestInputSchema"], `${place}.instanceAuthRequestInputSchema`),
      auth: readAuth(fields["defaultInstanceAuth"], `${place}.defaultInstanceAuth`),
      apis: readList(
        fields["apiDefinitions"],
        { list: "apiDefinitions", bundle, place: `${place}.apiDefinitions` },
        readApi,
        opened,
      ),
      events: readList(
        fields["eventDefinitions"],
        { list: "eventDefinitions", bundle, place: `${place}.eventDefinitions` },
        readDefinition,
        opened,
      ),
    };
  };

function readDefinition(value: unknown, place: string): DirectorDefinition {
  const fields = fieldsAt(value, place);
  return { id: idAt(fields["id"], `${place}.id`), name: textAt(fields["name"], `${place}.name`) };
}

function readApi(value: unknown, place: string): DirectorApi {
  const targetUrl = textAt(fieldsAt(value, place)["targetURL"], `${place}.targetURL`);
  return { ...readDefinition(value, place), targetUrl };
}

function readAuth(value: unknown, place: string): DirectorAuth | undefined {
  const auth = fieldsOrNone(value, place);
  if (auth === undefined) return undefined;
  const requestAuth = fieldsOrNone(auth["requestAuth"], `${place}.requestAuth`);
  const csrf = fieldsOrNone(requestAuth?.["csrf"], `${place}.requestAuth.csrf`);
  return {
    credential: readCredential(fieldsOrNone(auth["credential"], `${place}.credential`), `${place}.credential`),
    headers: readParameters(auth["additionalHeaders"], `${place}.additionalHeaders`),
    query: readParameters(auth["additionalQueryParams"], `${place}.additionalQueryParams`),
    csrfTokenUrl: csrf && textAt(csrf["tokenEndpointURL"], `${place}.requestAuth.csrf.tokenEndpointURL`),
  };
}

/** By the fields that are there, as the kind itself is not asked for. */
function readCredential(fields: Fields | undefined, place: string): DirectorCredential | undefined {
  if (fields === undefined) return undefined;
  const has = (name: string): boolean => !isNone(fields[name]);
  const text = (name: string): string => textOrNone(fields[name], `${place}.${name}`) ?? "";
  if (has("username") || has("password")) {
    return { kind: "basic", username: text("username"), password: text("password") };
  }
  const [clientId, url] = [text("clientId"), text("url")];
  if (has("certificate")) return { kind: "certificate", clientId, certificate: text("certificate"), url };
  if (has("clientId") || has("clientSecret") || has("url")) {
    return { kind: "oauth", clientId, clientSecret: text("clientSecret"), url };
  }
  return undefined;
}

function readParameters(value: unknown, place: string): Parameters | undefined {
  if (isNone(value)) return undefined;
  if (!isFields(value)) throw new MalformedError(`${place} is no object`);
  // Names can be confidential as well: the place says no more than which of the two it is.
  const listOf = (values: unknown): readonly string[] | null =>
    isNone(values) ? null : listAt(values, `${place}.*`).map((text) => textAt(text, `${place}.*`));
  return Object.fromEntries(Object.entries(value).map(([name, values]) => [name, listOf(values)]));
}

export function readClientIds(value: unknown): string[] {
  if (isNone(value)) return [];
  return listAt(value, "auths").map((auth, index) => {
    const place = `auths[${index}]`;
    return idAt(fieldsAt(auth, place)["id"], `${place}.id`);
  });
}
