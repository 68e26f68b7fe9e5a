import { invalid, invalidInput } from "./director-error.ts";
import type { ApplicationUpdateInput, BundleInput, DefinitionInput, RuntimeInput } from "./inputs.ts";

type Rule = (value: string) => string | undefined;

const longest =
  (limit: number): Rule =>
  (value) =>
    [...value].length > limit ? `the length must be no more than ${limit}` : undefined;

const lengthWithin =
  (least: number, most: number): Rule =>
  (value) => {
    if (value === "") return "cannot be blank";
    const { length } = [...value];
    return length < least || length > most ? `the length must be between ${least} and ${most}` : undefined;
  };

const matching =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value) ? undefined : "must be in a valid format";

const printable = matching(/^[\x20-\x7e]*$/);
const url: Rule = (value) => (URL.canParse(value) ? undefined : "must be a valid URL");
const json: Rule = (value) => {
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return "must be a valid JSON";
  }
};

/** Refuses an input with the first mistake of every field. */
function check(input: string, value: object, rules: Record<string, readonly Rule[]>): void {
  const mistakes: Record<string, string> = {};
  for (const [field, all] of Object.entries(rules)) {
    const text = (value as Record<string, unknown>)[field];
    if (typeof text !== "string") continue;
    const mistake = all.map((rule) => rule(text)).find((found) => found !== undefined);
    if (mistake !== undefined) mistakes[field] = mistake;
  }
  if (Object.keys(mistakes).length > 0) throw invalidInput(input, mistakes);
}

const description = [longest(2000)];

export function checkRuntime(input: RuntimeInput): void {
  check("RuntimeRegisterInput", input, {
    name: [lengthWithin(1, 256), matching(/^[a-zA-Z0-9\-._]+$/)],
    description,
  });
  for (const key of Object.keys(input.labels ?? {})) checkLabelKey(key);
}

/** A name may hold any character: real systems are called all sorts of things. */
export function checkApplication(input: ApplicationUpdateInput & { name?: string }): void {
  check("ApplicationRegisterInput", input, {
    name: [lengthWithin(1, 100)],
    providerName: [longest(256)],
    description,
    healthCheckURL: [url, longest(256)],
    baseUrl: [url, longest(256)],
  });
}

export function checkBundle(input: BundleInput): void {
  check("BundleCreateInput", input, {
    name: [lengthWithin(1, 100), printable],
    description,
    instanceAuthRequestInputSchema: [json],
  });
  for (const api of input.apiDefinitions ?? []) checkDefinition(api);
  for (const event of input.eventDefinitions ?? []) checkDefinition(event);
}

export function checkDefinition(input: DefinitionInput): void {
  const kind = input.targetURL === undefined ? "EventDefinitionInput" : "APIDefinitionInput";
  check(kind, input, {
    name: [lengthWithin(1, 100), printable],
    description,
    targetURL: [url, longest(256)],
    group: [longest(100)],
  });
}

export function checkLabelKey(key: string): void {
  if (key === "" || key.length > 256 || !/^[a-zA-Z0-9_]*$/.test(key)) {
    throw invalidInput("LabelInput", { key: "must be in a valid format" });
  }
}

/** Labels of a runtime that only UCL itself may set. */
const protectedKeys = /^(?:.*_defaultEventing|xsappnameCMPClone|runtimeType|CMPSaaSAppName)$/;

export function checkRuntimeLabel(key: string, value: unknown): void {
  checkLabelKey(key);
  if (value === "" || value === null) throw invalidInput("LabelInput", { value: "cannot be blank" });
  if (protectedKeys.test(key)) throw invalid(`could not set unmodifiable label with key ${key}`);
  // UCL gives no reason for this one.
  if (key === "scenarios") throw new Error("label scenarios cannot be set explicitly");
}
