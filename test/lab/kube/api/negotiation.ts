import { ApiError } from "./api-error.ts";

/** How a client wants an object: as it is, or as a table that the server fills. */
export type Form = "object" | "table" | "partial";

/** One entry of an Accept header. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The entries of an Accept header in the client's order. Weights are ignored: no Kubernetes client sends any. */
export function accepted(header: string | undefined): MediaType[] {
  return (header ?? "*/*").split(",").map((entry) => {
    const [type = "", ...parameters] = entry.split(";").map((part) => part.trim());
    return { type, parameters: Object.fromEntries(parameters.map((parameter) => parameter.split("="))) };
  });
}

/**
 * The first form the lab can give. Only JSON is spoken: a client that also takes JSON beside protobuf or CBOR gets
 * it, one that does not is refused.
 */
export function chooseForm(types: readonly MediaType[]): Form {
  for (const { type, parameters } of types) {
    if (!["application/json", "application/*", "*/*"].includes(type)) continue;
    if (parameters["as"] === undefined) return "object";
    if (parameters["g"] !== "meta.k8s.io") continue;
    if (parameters["as"] === "Table") return "table";
    if (parameters["as"].startsWith("PartialObjectMetadata")) return "partial";
  }
  const message = "only the following media types are accepted: application/json, application/yaml";
  throw new ApiError(406, "NotAcceptable", message);
}
