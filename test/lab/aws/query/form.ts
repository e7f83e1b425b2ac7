import { type AwsRequest, decodedPairs } from "../request.ts";

/** The parameters of a Query call. A parameter that comes twice counts once: the first. */
export interface QueryForm {
  get(name: string): string | undefined;
  /** `Name.member.1`, `Name.member.2`, … */
  list(name: string): readonly string[];
  /** `Name.member.1.Key`, `Name.member.1.Value`, … as one object each. */
  objects(name: string): readonly Readonly<Record<string, string>>[];
  readonly names: readonly string[];
}

export function readForm(request: AwsRequest): QueryForm {
  const pairs = decodedPairs(request.method === "POST" ? request.body.toString("utf8") : request.query);
  const values = new Map<string, string>();
  for (const [name, value] of pairs) if (!values.has(name)) values.set(name, value);

  return {
    get: (name) => values.get(name),
    list: (name) => members(values, name).map(({ "": value = "" }) => value),
    objects: (name) => members(values, name),
    names: [...values.keys()],
  };
}

/** A plain member is an object whose only field has no name. */
function members(values: ReadonlyMap<string, string>, name: string): Record<string, string>[] {
  const found = new Map<number, Record<string, string>>();
  for (const [key, value] of values) {
    const [, index, field = ""] = /^\.member\.(\d+)(?:\.(\w+))?$/.exec(withoutPrefix(key, name)) ?? [];
    if (index === undefined) continue;
    found.set(Number(index), { ...found.get(Number(index)), [field]: value });
  }
  return [...found].sort(([a], [b]) => a - b).map(([, member]) => member);
}

function withoutPrefix(key: string, prefix: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : "";
}
