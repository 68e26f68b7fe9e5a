export { type CatalogueEntry, catalogue, type OutboundCode, type ProblemCode, type SharedCode } from "./catalogue.ts";
export { type ErrorOccasion, errorHeaders, headerText, originName } from "./error-headers.ts";
export { goString, legacyContentType, legacyJson } from "./legacy-json.ts";
export { Problem } from "./problem.ts";
export { type ProblemDetails, problemContentType, problemDetails } from "./problem-details.ts";
export { requestIdOf } from "./request-id.ts";
