import { RULES } from "../../doctor/causes/index.ts";
import { rankSuspicions } from "../../doctor/causes/rank-suspicions.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import { type DoctorEvidence, failureOf } from "../../doctor/evidence/evidence.ts";
import { type EvidencePart, PART_NAMES, partEntry } from "../../doctor/evidence/parts.ts";
import { isSame } from "../doctor/support/same-row.ts";

/** What somebody is refused, and with which messages. */
export type Refused = Partial<Record<EvidencePart, string>>;

/** How each of AWS's services refuses. */
const REFUSALS: Readonly<Record<string, string>> = {
  eks: "AccessDeniedException",
  cloudtrail: "AccessDeniedException",
  iam: "AccessDenied",
  ec2: "UnauthorizedOperation",
};

/** `eks:ListClusters`, or `list namespaces` */
function refusal(right: string): string {
  const [service = ""] = right.split(":");
  const [, resource = "", name] = /^\w+ ([\w.-]+)(?:\/(.+))?$/.exec(right) ?? [];
  if (resource !== "") return `${resource}${name === undefined ? "" : ` "${name}"`} is forbidden`;
  return `${REFUSALS[service]}: not authorized to perform: ${right}`;
}

/** Refused to somebody without any right in AWS. */
export const REFUSED_TO_THE_BLIND: Refused = Object.fromEntries(
  PART_NAMES.flatMap((part) => {
    const { right } = partEntry(part);
    return right === undefined ? [] : [[part, refusal(right)]];
  }),
);

/** Refused to an ordinary developer, who may describe the cluster, and nothing else of EKS, IAM or RBAC. */
export const REFUSED_TO_DEVELOPERS: Refused = Object.fromEntries(
  Object.entries(REFUSED_TO_THE_BLIND).filter(([part]) => part !== "cluster"),
);

/** The bundle that somebody with such rights would have gathered. What failed already fails as it did. */
export function seenBy(bundle: DoctorEvidence, refused: Refused): DoctorEvidence {
  const parts = Object.entries(refused).flatMap(([part, failed]) => {
    const known = bundle[part as EvidencePart];
    return known !== undefined && failureOf(known) === undefined ? [[part, { failed }]] : [];
  });
  return { ...bundle, ...Object.fromEntries(parts) };
}

/** Whether somebody with such rights would have gathered less. */
export function seesLess(bundle: DoctorEvidence, refused: Refused): boolean {
  return Object.keys(refused).some((part) => {
    const known = bundle[part as EvidencePart];
    return known !== undefined && failureOf(known) === undefined;
  });
}

/** Where the true row is in the doctor's report: as its cause, among its suspicions, or nowhere. */
export type Place = "first" | "ranked" | "unknown" | "wrong" | "wrong and certain";

export function placeOf(row: string, bundle: DoctorEvidence): Place {
  const facts = deriveFacts(bundle);
  const diagnosis = diagnose(RULES, facts);
  const [root, ...others] = diagnosis.rootCauses;
  if (root !== undefined) {
    if (isSame(root.cause, row)) return "first";
    if (root.consequences.some(({ cause }) => isSame(cause, row))) return "ranked";
    if (root.confidence === "certain") return "wrong and certain";
    if (others.some(({ cause }) => isSame(cause, row))) return "ranked";
  }
  const suspicions = rankSuspicions(diagnosis, facts);
  if (root === undefined && suspicions.length === 0) return "unknown";
  const rank = suspicions.findIndex(({ causes }) => causes.some((cause) => isSame(cause, row)));
  if (rank < 0) return "wrong";
  return rank === 0 && root === undefined ? "first" : "ranked";
}

interface Case {
  readonly name: string;
  readonly row: string;
  readonly bundle: DoctorEvidence;
}

/** Where the true rows of cases are for somebody with such rights: what share in these places, and which in one. */
export function placesOf(cases: readonly Case[], refused: Refused) {
  const places = cases.map(({ name, row, bundle }) => ({
    name,
    place: placeOf(row, seenBy(bundle, refused)),
  }));
  const names = (...wanted: readonly Place[]) =>
    places.flatMap(({ name, place }) => (wanted.includes(place) ? [name] : []));
  return { names, share: (...wanted: readonly Place[]) => names(...wanted).length / places.length };
}
