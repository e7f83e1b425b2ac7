import { VERSION } from "../../token/hot/version.ts";
import type { CauseId } from "../check/cause-ids.ts";
import type { Cause, Rule } from "../check/rule.ts";
import { STAGES } from "../check/stages.ts";
import * as definitions from "./all.ts";

const DEFINED = STAGES.flatMap((stage) =>
  Object.entries(definitions)
    .filter(([path]) => path.startsWith(`${stage}/`))
    .map(([path, definition]) => ({ code: path.slice(stage.length + 1), stage, definition }))
    .toSorted((a, b) => a.code.localeCompare(b.code)),
);

/** Every rule, in the order of the chain from kubeconfig to RBAC, then by code; rules about the client come last. */
export const RULES: readonly Rule[] = DEFINED.map(({ definition, ...named }): Rule => {
  const { cause, alsoFinds = [], ...rest } = definition;
  return { ...rest, ...named, causes: [idOf(cause), ...alsoFinds.map(idOf)] };
});

function idOf(cause: Cause | CauseId): CauseId {
  return typeof cause === "string" ? cause : cause.id;
}

/** The topics of the catalogue, by the letter with which their ids begin. */
const TOPICS = {
  K: "Kubeconfig and exec plugin",
  L: "AWS credentials",
  S: "STS and trust",
  N: "Network and TLS",
  M: "Authentication mode",
  E: "Access entries",
  A: "ConfigMap aws-auth",
  P: "Policies and scope",
  R: "RBAC",
  T: "Clients",
  V: "Vouch and this program",
} as const;

interface CatalogueSection {
  readonly title: string;
  readonly causes: readonly Cause[];
}

const CAUSES = DEFINED.flatMap(({ definition: { cause, alsoFinds = [] } }) => [cause, ...alsoFinds]).filter(
  (cause) => typeof cause !== "string",
);

/** The catalogue of causes; the last section is about Vouch. */
export const CATALOGUE: readonly CatalogueSection[] = Object.entries(TOPICS).map(([letter, title]) => ({
  title,
  causes: CAUSES.filter(({ id }) => id.startsWith(letter)).toSorted((a, b) => numberOf(a) - numberOf(b)),
}));

function numberOf({ id }: Cause): number {
  return Number(id.slice(1));
}

/** The cause with an id, in either case; undefined if there is none. */
export function findCause(id: string): Cause | undefined {
  return CAUSES.find((cause) => cause.id === id.toUpperCase());
}

/** CODES.md at the tag of our release. */
const CODES_PAGE = `https://github.com/kubectl-vouch/kubectl-vouch/blob/v${VERSION}/doctor/CODES.md`;

/** Web pages about a cause, ours first; none if there is no such cause. */
export function pagesOf(id: string): readonly string[] {
  const cause = findCause(id);
  if (cause === undefined) return [];
  return [`${CODES_PAGE}#${cause.id.toLowerCase()}`, ...(cause.page === undefined ? [] : [cause.page])];
}
