import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** Keys are short here: making long ones takes seconds, and only their length differs. */
export const makeShortKey = async (): Promise<KeyObject> =>
  (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
