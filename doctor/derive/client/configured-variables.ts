import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/** A variable that a file of the client's configuration sets. */
export interface ConfiguredVariable {
  readonly name: string;
  readonly value: string;
  /** Path of the file. */
  readonly file: string;
}

/** Names that steer how EKS is reached; others are left alone. */
const NAME = "(?:AWS_\\w+|KUBECONFIG|KUBERC|HOME|PATH|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy)";

/** A shell's `export A=b`, systemd's `Environment="A=b"`, JSON's and YAML's `"A": "b"`, a property list's `<key>`. */
const FORMS: readonly RegExp[] = [
  new RegExp(`^\\s*(?:export\\s+|Environment=)?["']?(${NAME})=["']?([^"'\\n#]*)`, "gm"),
  new RegExp(`["']?\\b(${NAME})["']?:[ \\t]*["']?([^"'\\n,{}]*)`, "g"),
  new RegExp(`<key>(${NAME})</key>\\s*<string>([^<]*)</string>`, "g"),
];

/** The variables that files of the client's configuration set, the first of a name. */
export function configuredVariables({ client }: Pick<DoctorEvidence, "client">): ConfiguredVariable[] {
  const found = new Map<string, ConfiguredVariable>();
  for (const { path, text } of client === undefined ? [] : (knownValue(client)?.files ?? [])) {
    for (const form of FORMS) {
      for (const [, name = "", value = ""] of text.matchAll(form)) {
        if (!found.has(name)) found.set(name, { name, value: value.trim(), file: path });
      }
    }
  }
  return [...found.values()];
}
