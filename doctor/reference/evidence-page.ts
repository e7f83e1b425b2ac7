import { sentenceText } from "../../token/command/sentence.ts";
import type { Schema } from "../../token/schema.ts";
import { UNKNOWN_NAMES } from "../evidence/part.ts";
import { type EvidencePart, PART_NAMES, partEntry } from "../evidence/parts.ts";
import { markdownTable } from "./markdown-table.ts";

const HEAD = `# The evidence bundle

Written by \`npm run codes\`; do not edit.

\`kubectl vouch doctor --save FILE\` writes a bundle, and \`kubectl vouch doctor --evidence FILE\` diagnoses one, on any machine and
without a network. You can write one without kubectl-vouch: this page is for you if you only have the output of \`aws\` and \`kubectl\`.
Often that output is enough: \`--evidence\` also accepts text copied from a terminal (commands with their output, files, errors), and
reports what it recognized.

- The file is YAML or JSON: an object with \`apiVersion: vouch.kubectl/v1\` and \`kind: DoctorEvidence\`. The schema is
  [DoctorEvidence.schema.json](../plugin/schemas/DoctorEvidence.schema.json).
- Every part is optional. A part that is left out is unknown; it never means that the thing does not exist.
- A part that was requested but denied is written as \`{ failed: "the error, in one line" }\`. It is also unknown.
- State explicitly that something does not exist: with an empty list, or with null for \`awsAuth\`, \`role\`, \`user\`, \`cluster\`, \`awsConfig\` and
  \`awsCredentials\`. A null field in an answer from AWS or Kubernetes is treated as left out.
- If you have only some lines of a part, list the part in \`excerpts\`: then nothing is concluded from what is missing.
- \`client\`, \`kubeconfig\`, \`environment\`, \`awsConfig\`, \`pluginRun\`, \`token\` and \`callerIdentity\` must be those of the failing call, on
  the machine where it fails: for a service the environment of its unit, for a pod that of the pod, for an IDE the kubeconfig that it
  reads; never those of the shell in which you collect the evidence. \`callerIdentity\` is the identity that the plugin finally uses,
  with its profile, its variables and its \`--role\`. The answers from EKS, IAM and Kubernetes can come from an admin; \`selfSubjectReview\` and
  \`accessReviews\` are about the caller.
- Put what belongs to a different program, machine, profile or user into \`otherObservations\`, with its identity and environment, and its
  \`context\` if that differs.
- \`kubectl config view\` writes \`DATA+OMITTED\` and \`REDACTED\` in place of certificates and tokens; leave these as they are.
- \`question.command\` can be a description if you do not have a command (\`Lens, list of pods\`). \`question.stderr\` is the failure itself. Put the
  output of attempts to fix it into \`fixAttempts\`.
- If a part is the output of \`aws … --output json\` or \`kubectl … -o json\`, paste it whole and unchanged; fields that are not listed
  here are ignored. If a part is a list of answers, add each answer to the list.
- In YAML, quote account IDs (\`"111122223333"\`) and \`"***"\`.
- Do not include any secret: keys, tokens, signatures, session tokens, passwords. Write \`"***"\` instead. Access key _IDs_ and
  certificates are not secret. \`--save\` masks secrets for you. \`--redact\` also replaces account IDs, e-mail addresses, names of roles,
  users and clusters, and the hosts in fields, URLs, settings and common errors, each with the same placeholder everywhere, so that the
  diagnosis stays the same. Read what you send: a host that occurs only in other text is not replaced. Neither are public hosts (those
  of AWS, Kubernetes, Vouch and github.com), IP addresses, ports, certificates, namespaces, groups, names of contexts, the issuer of a
  certificate, and names that are ordinary words (\`admin\`, the \`proxy\` of a host) or have one or two letters.

The more parts there are, the more certain the diagnosis. For a 401, start with \`question\`, \`kubeconfig\`, \`callerIdentity\`, \`cluster\`,
\`accessEntries\`, \`accessEntryDetails\`, \`role\`, \`awsAuth\`; for a 403, with \`question\`, \`selfSubjectReview\`,
\`associatedPolicies\`, \`accessEntryDetails\`, \`rbac\`.

\`gatheredAt\` is when the evidence was gathered, in ISO 8601; ages are relative to it.
`;

/** EVIDENCE.md: every part with the command that prints it, every field, and one complete example. */
export function evidencePage(example: string): string {
  const parts = PART_NAMES.map(partSection);
  return `${HEAD}\n${parts.join("\n")}\n## A complete example\n\n\`\`\`yaml\n${example.trimEnd()}\n\`\`\`\n`;
}

function partSection(name: EvidencePart): string {
  const { right, source, schema: field } = partEntry(name);
  const from = sentenceText(source(UNKNOWN_NAMES), "bash");
  const schema = field.optional;
  const forms = (schema.anyOf ?? [schema]).filter(({ properties }) => properties?.["failed"] === undefined);
  const rows = forms.flatMap((form) => fieldRows(form, name));
  const needs = right === undefined ? "" : `\n\nRequires permission to \`${right}\`.`;
  return `## ${name}\n\nFrom: ${from}${needs}\n\n${markdownTable(["field", "form", "meaning"], rows)}\n`;
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
  return type ?? "any";
}
