import { sentenceText } from "../../token/command/sentence.ts";
import { EVIDENCE_SCHEMA } from "../evidence/schema/evidence-schema.ts";
import type { Schema } from "../evidence/schema/schema.ts";
import { EVIDENCE_COMMANDS, UNKNOWN_NAMES } from "../report/evidence-commands.ts";
import { markdownTable } from "./markdown-table.ts";

const HEAD = `# The evidence bundle

Written by \`npm run codes\`; do not edit.

\`kubectl vouch doctor --save FILE\` writes a bundle, \`kubectl vouch doctor --evidence FILE\` judges one: on any machine, without
network. Nobody needs our program to make one: this page is for you if all you have is the output of \`aws\` and \`kubectl\`.
Often that is enough as it stands: \`--evidence\` also takes what was copied from a terminal, commands together with what they
printed, files and errors, and says what each piece was taken for.

- The file is YAML or JSON: an object with \`apiVersion: vouch.kubectl/v1\` and \`kind: DoctorEvidence\`. The schema is
  [DoctorEvidence.schema.json](../schemas/DoctorEvidence.schema.json).
- Every part may be left out. What nobody looked for is unknown; it is never taken for missing.
- A part that was looked for and refused is written as \`{ failed: "the refusal, in one line" }\`. That too is unknown.
- "There is none" is written as what says so: an empty list, or null for \`awsAuth\`, \`role\`, \`user\`, \`cluster\`,
  \`awsConfig\` and \`awsCredentials\`. A field that is null inside an answer of AWS or Kubernetes counts as left out.
- If you have only some lines of a part, name it in \`excerpts\`: then nothing is concluded from what is not there.
- Whose? \`client\`, \`kubeconfig\`, \`environment\`, \`awsConfig\`, \`pluginRun\`, \`token\` and \`callerIdentity\` are those of the
  call that fails, on the machine where it fails: of a service the unit's environment, of a pod the pod's, of an IDE the
  kubeconfig that it reads, and never those of the shell in which you collect. \`callerIdentity\` is who the plugin acts as in
  the end, with its profile, its variables and its \`--role\`. What EKS, IAM and Kubernetes say may come from an administrator;
  \`selfSubjectReview\` and \`accessReviews\` are about the caller.
- What belongs to another program, machine, profile or user stands in \`otherObservations\`, with its own identity and
  environment; say its \`context\` when it is not the same.
- \`kubectl config view\` writes \`DATA+OMITTED\` and \`REDACTED\` in place of certificates and tokens: leave them so.
- \`question.command\` may be words where there is no command (\`Lens, list of pods\`); \`question.stderr\` holds the failure itself. What an attempt to cure it said goes into \`fixAttempts\`.
- Where a part is the answer of \`aws … --output json\` or \`kubectl … -o json\`, paste it whole and unchanged; fields that are
  not listed here are ignored. Where a part is a list of answers, put each answer into the list.
- In YAML, quote account ids (\`"111122223333"\`) and \`"***"\`.
- Put no secret into it: no key, token, signature, session token or password. Write \`"***"\` instead. Access key _ids_ and
  certificates are no secrets. \`--save\` masks them for you; \`--redact\` also replaces account ids, e-mail addresses,
  names of roles, users and clusters, and the hosts of fields, URLs, settings and the usual errors, each by one placeholder
  everywhere, so that the diagnosis stays the same. A host that stands only in other words stays: read what you send. So do
  hosts that everybody has (those of AWS, Kubernetes, Vouch and github.com themselves), IP addresses, ports, certificates,
  namespaces, groups, names of contexts, the issuer of a certificate, and names that are ordinary words (\`admin\`, the
  \`proxy\` of a host) or have one or two letters.

The more parts, the surer the answer. With a 401, begin with \`question\`, \`kubeconfig\`, \`callerIdentity\`, \`cluster\`,
\`accessEntries\`, \`accessEntryDetails\`, \`role\`, \`awsAuth\`; with a 403, with \`question\`, \`selfSubjectReview\`,
\`associatedPolicies\`, \`accessEntryDetails\`, \`rbac\`.

\`gatheredAt\` is the time at which it was gathered, in ISO 8601; ages are judged against it.
`;

/** EVIDENCE.md: every part with the command that gives it, every field, and one complete example. */
export function evidencePage(example: string): string {
  const parts = Object.entries(EVIDENCE_COMMANDS).map(([name, source]) =>
    partSection(name, sentenceText(source(UNKNOWN_NAMES), "bash")),
  );
  return `${HEAD}\n${parts.join("\n")}\n## A complete example\n\n\`\`\`yaml\n${example.trimEnd()}\n\`\`\`\n`;
}

function partSection(name: string, source: string): string {
  const schema = EVIDENCE_SCHEMA.properties?.[name] ?? {};
  const forms = (schema.anyOf ?? [schema]).filter(({ properties }) => properties?.["failed"] === undefined);
  const rows = forms.flatMap((form) => fieldRows(form, name));
  return `## ${name}\n\nFrom: ${source}\n\n${markdownTable(["field", "form", "meaning"], rows)}\n`;
}

/** The table rows of a value and all below it. */
function fieldRows(schema: Schema, path: string): string[][] {
  const { anyOf, items, properties = {}, required = [], additionalProperties, description = "" } = schema;
  const own = [`\`${path}\``, formOf(schema), description.replaceAll("|", "\\|")];
  if (anyOf !== undefined) {
    const inner = anyOf.filter(({ type }) => type === "object" || type === "array");
    return [own, ...inner.flatMap((form) => fieldRows(form, path).slice(1))];
  }
  const below = Object.entries(properties).flatMap(([name, field]) =>
    fieldRows(field, `${path}.${name}${required.includes(name) ? "" : "?"}`),
  );
  const inList = items === undefined ? [] : fieldRows(items, `${path}[]`);
  const inMap =
    typeof additionalProperties === "object" ? fieldRows(additionalProperties, `${path}.NAME`) : [];
  return [own, ...below, ...inList, ...inMap];
}

function formOf({ type, anyOf, const: fixed, enum: words }: Schema): string {
  if (fixed !== undefined) return `\`${fixed}\``;
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(formOf))].join(" or ");
  return type === "string" ? "text" : (type ?? "any");
}
