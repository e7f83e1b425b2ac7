import { RESOURCES } from "./resources.ts";

const GROUP_VERSIONS = [
  ...new Set(
    RESOURCES.map(({ group, version }) => (group === "" ? `api/${version}` : `apis/${group}/${version}`)),
  ),
];

/**
 * OpenAPI v3 without schemas: just enough to tell kubectl that the server validates fields itself, so that plain
 * `create` and `apply` work. `explain` does not. Undefined for any other path.
 */
export function openApiV3(path: string): unknown {
  if (path === "/openapi/v3") {
    const paths = GROUP_VERSIONS.map((at) => [at, { serverRelativeURL: `/openapi/v3/${at}?hash=lab` }]);
    return { paths: Object.fromEntries(paths) };
  }
  const [, at] = /^\/openapi\/v3\/(.+)$/.exec(path) ?? [];
  if (at === undefined || !GROUP_VERSIONS.includes(at)) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "lab" },
    paths: Object.fromEntries(pathsOf(at)),
    components: { schemas: {} },
  };
}

function pathsOf(at: string): [string, unknown][] {
  const [group = "", version = ""] = at.startsWith("api/") ? ["", at.slice(4)] : at.slice(5).split("/");
  return RESOURCES.filter((one) => one.group === group && one.version === version).map((resource) => {
    const scope = resource.namespaced ? "/namespaces/{namespace}" : "";
    const operation = {
      parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
        name,
        in: "query",
        schema: { type: "string", uniqueItems: true },
      })),
      responses: {},
      "x-kubernetes-group-version-kind": { group, version, kind: resource.kind },
    };
    return [
      `/${at}${scope}/${resource.name}/{name}`,
      { patch: { ...operation, "x-kubernetes-action": "patch" } },
    ];
  });
}
