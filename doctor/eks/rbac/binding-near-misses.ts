import type { AccessRequest, DoctorEvidence, RbacObjectJson } from "../../evidence/evidence.ts";
import { type Mapping, usernameTemplate } from "../mapping/mapping.ts";
import { principalOfArn } from "../principal/principal.ts";
import { fitsTemplate } from "../principal/username-template.ts";
import { isOidcPrefix } from "./oidc-prefixes.ts";
import { type BindingVerdict, bindingVerdict, type RbacUser, subjectFor } from "./rbac.ts";
import { rbacOf } from "./rbac-index.ts";
import { type BindingSubject, serviceAccountOf } from "./service-account.ts";

type Subject = NonNullable<RbacObjectJson["subjects"]>[number];

/**
 * How a subject differs from the caller: a group named after an ARN, another session of the same role, the wrong kind, an OIDC
 * name without its prefix, a template that RBAC does not fill, a group spelled otherwise.
 */
export type Miss = "arn-group" | "session" | "kind" | "oidc-prefix" | "template" | "spelling";

/** A binding that would apply to the caller if its subject were written otherwise. */
export interface BindingNearMiss {
  readonly verdict: BindingVerdict;
  readonly subject: Subject;
  readonly miss: Miss;
  /** What the subject should have been: the caller's own name or group. */
  readonly meant: BindingSubject;
  /** RBAC's `kind` and `name` of the role. */
  readonly role: { readonly kind: string; readonly name: string };
}

/** What to find a binding for. */
interface NearMissCase {
  readonly asked: { readonly evidence: DoctorEvidence; readonly mapping: Mapping | undefined };
  readonly attempt: AccessRequest;
  readonly user: RbacUser;
}

/** The binding that would grant the attempt if its subject were the caller; undefined if there is none. */
export function nearMissOf(search: NearMissCase): BindingNearMiss | undefined {
  const { asked, attempt, user } = search;
  const rbac = rbacOf(asked.evidence);
  if (rbac === undefined) return undefined;
  for (const binding of rbac.bindings) {
    if (subjectFor(binding, user) !== undefined) continue;
    for (const subject of binding.subjects ?? []) {
      const verdict = bindingVerdict(rbac, binding, { subject, attempt });
      const near = verdict.lacks === "nothing" ? missOf(search, subject) : undefined;
      if (near === undefined) continue;
      const { kind = "", name = "" } = binding.roleRef ?? {};
      return { verdict: { ...verdict, lacks: "subject" }, subject, ...near, role: { kind, name } };
    }
  }
  return undefined;
}

type Near = Pick<BindingNearMiss, "miss" | "meant">;

function missOf(search: NearMissCase, subject: Subject): Near | undefined {
  const { user } = search;
  const self = { kind: "User", name: user.username } as const;
  if (subject.name.includes("{{")) {
    return fitsTemplate(subject.name, user.username) ? { miss: "template", meant: self } : undefined;
  }
  if (subject.kind === "Group" && isArnOf(subject.name, search)) {
    return { miss: "arn-group", meant: self };
  }
  const kind = anotherKind(subject, user);
  if (kind !== undefined) return { miss: "kind", meant: kind };
  const prefixed = withPrefix(search, subject);
  if (prefixed !== undefined) return { miss: "oidc-prefix", meant: prefixed };
  if (subject.kind === "User") {
    return isAnotherSession(subject.name, search) ? { miss: "session", meant: self } : undefined;
  }
  const group = user.groups.find((own) => !own.startsWith("system:") && isMisspelt(subject.name, own));
  return subject.kind === "Group" && group !== undefined
    ? { miss: "spelling", meant: { kind: "Group", name: group } }
    : undefined;
}

/**
 * Whether this is the caller's role or session, written as an ARN.
 * Source: doctor/EKS-ACCESS.md, "Access entries", "Not settled".
 */
function isArnOf(name: string, { asked, user: { username } }: NearMissCase): boolean {
  const arn = name.replace(/^eks-access-entry:/, "");
  if (!arn.startsWith("arn:")) return false;
  const own = principalOfArn(asked.mapping?.entry?.principalArn ?? username)?.canonicalArn;
  return arn === username || (own !== undefined && principalOfArn(arn)?.canonicalArn === own);
}

function anotherKind(
  { kind, name, namespace }: Subject,
  { username, groups }: RbacUser,
): BindingSubject | undefined {
  const account = serviceAccountOf(username);
  // The account's short name, under any kind or namespace. Every namespace has a service account "default".
  const isNamesake = kind === "ServiceAccount" && namespace !== undefined && name === "default";
  if (account !== undefined && [account.name, username].includes(name) && !isNamesake) return account;
  if (kind !== "Group" && groups.includes(name)) return { kind: "Group", name };
  return kind !== "User" && name === username ? { kind: "User", name } : undefined;
}

function withPrefix({ asked, user }: NearMissCase, { kind, name }: Subject): BindingSubject | undefined {
  if (kind !== "User" && kind !== "Group") return undefined;
  const names = kind === "User" ? [user.username] : user.groups;
  const full = names.find(
    (own) => own.endsWith(name) && isOidcPrefix(asked.evidence, kind, own.slice(0, own.length - name.length)),
  );
  return full === undefined ? undefined : { kind, name: full };
}

/** Another session of the same role, the role itself, or the caller's own name spelled otherwise (`@` became `-`). */
function isAnotherSession(name: string, { asked, user: { username } }: NearMissCase): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll("@", "-");
  if (plain(name) === plain(username)) return true;
  // Kubernetes' own users are no sessions, although the template `{{SessionName}}` alone fits every name.
  if (name.startsWith("system:")) return false;
  const template = usernameTemplate(asked.mapping);
  if (template?.includes("{{Session") && fitsTemplate(template, name)) return true;
  const [mine, theirs] = [principalOfArn(username), principalOfArn(name)];
  return mine?.kind === "role" && mine.canonicalArn === theirs?.canonicalArn;
}

/** Whether two names differ by what people mistype: case, separators, one letter. */
export function isMisspelt(written: string, own: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[-_.:\s]/g, "")
      .replace(/s$/, "");
  return plain(written) === plain(own) || isOneEditAway(written, own);
}

/** Whether one letter is added, missing or different, or two neighbors are swapped, in names long enough for a typo. */
function isOneEditAway(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 5 || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (a.slice(2) === b.slice(2) && a[0] === b[1] && a[1] === b[0]) return true;
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
}
