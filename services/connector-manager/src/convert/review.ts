import { ConversionError, convert } from "./convert.ts";
import { type Fields, isFields } from "./versions.ts";

/** What the API server asks for; `ConversionReview` of apiextensions.k8s.io/v1. */
export interface ReviewRequest {
  readonly uid: string;
  readonly desiredAPIVersion: string;
  readonly objects: readonly Fields[];
}

/** The answer to a review, and whether it is what was asked for. */
export interface Answer {
  readonly isConverted: boolean;
  readonly review: Fields;
}

/** Answers a review as a whole: of several objects all are converted, or none. */
export function answerReview({ uid, desiredAPIVersion, objects }: ReviewRequest): Answer {
  try {
    const convertedObjects = objects.map((object) => convert(object, desiredAPIVersion));
    return answer(true, { uid, convertedObjects, result: { status: "Success" } });
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return answer(false, { uid, convertedObjects: [], result: { status: "Failure", message: error.message } });
  }
}

function answer(isConverted: boolean, response: Fields): Answer {
  return { isConverted, review: { apiVersion: "apiextensions.k8s.io/v1", kind: "ConversionReview", response } };
}

/** The request in a body, or undefined when it is none. */
export function readReview(body: unknown): ReviewRequest | undefined {
  const request = isFields(body) && body["kind"] === "ConversionReview" ? body["request"] : undefined;
  if (!isFields(request)) return undefined;
  const { uid, desiredAPIVersion, objects } = request;
  if (typeof uid !== "string" || typeof desiredAPIVersion !== "string") return undefined;
  return Array.isArray(objects) && objects.every(isFields) ? { uid, desiredAPIVersion, objects } : undefined;
}
