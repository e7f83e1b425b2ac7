import { apiVersionOf, RESOURCES, type Resource } from "./resources.ts";

/**
 * The only form in which kubectl 1.28 asks for OpenAPI, to learn whether the server validates fields. It asks with
 * `@`, which is no valid media type, and is answered with a dot.
 */
const CONTENT_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/**
 * OpenAPI v2 as protobuf, without schemas: each kind's PATCH with its query parameters. Field numbers: google/gnostic,
 * openapiv2/OpenAPIv2.proto.
 */
export function openApiV2(): { contentType: string; body: Buffer } {
  const info = message([1, "Kubernetes"], [2, "lab"]);
  const paths = message(...RESOURCES.map((resource): Field => [2, namedPath(resource)]));
  return { contentType: CONTENT_TYPE, body: message([1, "2.0"], [2, info], [8, paths]) };
}

function namedPath(resource: Resource): Buffer {
  const { group, version, kind, name, namespaced } = resource;
  const root = group === "" ? "/api" : "/apis";
  const scope = namespaced ? "/namespaces/{namespace}" : "";
  const parameters = ["dryRun", "fieldManager", "fieldValidation"].map((parameter): Field => {
    const query = message([2, "query"], [4, parameter]);
    return [8, message([1, message([2, message([3, query])])])];
  });
  const anyOf = message([2, JSON.stringify({ group, kind, version })]);
  const extension = message([1, "x-kubernetes-group-version-kind"], [2, anyOf]);
  const patch = message(...parameters, [13, extension]);
  return message([1, `${root}/${apiVersionOf(resource)}${scope}/${name}/{name}`], [2, message([8, patch])]);
}

type Field = readonly [number: number, value: string | Buffer];

/** A protobuf message of length-delimited fields. */
function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      const bytes = Buffer.from(value);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}
