import path from "node:path";
import { isRecord } from "../record.ts";
import { ENDPOINT_KEYS, type Endpoints, isAddressFor, isBundleKey } from "./endpoints.ts";

/** Reads a record. Values that no login would have recorded are left out, so that the usual ones apply. */
export function readEndpoints(value: unknown): Endpoints {
  const record = isRecord(value) ? value : {};
  return Object.fromEntries(
    ENDPOINT_KEYS.flatMap((key) => {
      const text = record[key];
      const isGood =
        typeof text === "string" && (isBundleKey(key) ? path.isAbsolute(text) : isAddressFor(key, text));
      return isGood ? [[key, text]] : [];
    }),
  );
}
