import type { IncomingHttpHeaders } from "node:http";
import type { Cluster } from "../model.ts";
import { type ApiError, badRequest, forbidden, pathForbidden } from "./api/api-error.ts";
import type { KubeUser } from "./authentication/kube-identity.ts";
import { type Attributes, type Decision, isPath } from "./authorization/attributes.ts";
import { authorize } from "./authorization/authorizer.ts";
import { forbiddenText } from "./authorization/forbidden.ts";
import { minorVersion } from "./cluster-version.ts";
import {
  type ConstrainedMode,
  constrainedModes,
  demandsOf,
  userOf,
  type WantedUser,
} from "./impersonation-modes.ts";

/** First minor version that tries constrained impersonation first. Source: kubernetes/apiserver, pkg/features. */
const CONSTRAINED_SINCE = 36;

type Mode = ConstrainedMode | undefined;

/** The mode by which a user succeeded last, by username: each API server tries it first. */
const LAST = new WeakMap<Cluster, Map<string, Mode>>();

/**
 * `--as` and its kind: the user one asks to be, if one may. Access policies stay with the real user and are lost. Each mode
 * is tried, the plain `impersonate` last, and the refusal is that of the first.
 *
 * Source: kubernetes/apiserver 0.36, pkg/endpoints/filters/impersonation, `getImpersonatedUser`.
 */
export function impersonated(
  cluster: Cluster,
  user: KubeUser,
  { headers, asked }: { headers: IncomingHttpHeaders; asked: Attributes },
): KubeUser {
  const wanted = wantedUser(headers);
  if (wanted === undefined) return user;
  const refusals: ApiError[] = [];
  for (const mode of modesFor(cluster, user, wanted)) {
    const request = mode && { ...asked, verb: `impersonate-on:${mode}:${asked.verb}` };
    const demands = [...(request === undefined ? [] : [{ question: request }]), ...demandsOf(wanted, mode)];
    const refused = demands
      .map(({ question, reason, unless }) => {
        const isWaived = unless !== undefined && authorize(cluster, user, unless).allowed;
        const decision =
          reason === undefined ? authorize(cluster, user, question) : { allowed: false, reason };
        return { question, ...decision, allowed: decision.allowed || isWaived };
      })
      .find(({ allowed }) => !allowed);
    if (refused === undefined) {
      LAST.set(cluster, new Map(LAST.get(cluster)).set(user.username, mode));
      return userOf(wanted, mode);
    }
    refusals.push(refusal(user, refused));
  }
  throw refusals[0];
}

function modesFor(cluster: Cluster, { username }: KubeUser, wanted: WantedUser): readonly Mode[] {
  const modes = [...(minorVersion(cluster) < CONSTRAINED_SINCE ? [] : constrainedModes(wanted)), undefined];
  const last = LAST.get(cluster);
  const isLast = (mode: Mode) => last?.has(username) === true && last.get(username) === mode;
  return [...modes.filter(isLast), ...modes.filter((mode) => !isLast(mode))];
}

function refusal(
  user: KubeUser,
  { question, reason }: Decision & { readonly question: Attributes },
): ApiError {
  const text = forbiddenText(user, question, reason);
  return isPath(question) ? pathForbidden(text) : forbidden(question, text);
}

/** Undefined if nobody is named. */
function wantedUser(headers: IncomingHttpHeaders): WantedUser | undefined {
  const one = (name: string) => String(headers[name] ?? "");
  const several = (name: string) => one(name).split(", ").filter(Boolean);
  const prefix = "impersonate-extra-";
  const extra = Object.keys(headers)
    .filter((name) => name.startsWith(prefix))
    .map((name) => [decodeURIComponent(name.slice(prefix.length)), several(name)] as const);
  const wanted = {
    name: one("impersonate-user"),
    uid: one("impersonate-uid"),
    groups: several("impersonate-group"),
    extra: Object.fromEntries(extra),
  };
  if (wanted.name !== "") return wanted;
  if (wanted.uid !== "" || wanted.groups.length + extra.length > 0)
    throw badRequest(`requested ${inGo(wanted)} without impersonating a user name`);
  return undefined;
}

/** As Go prints it with `%#v`. */
function inGo({ name, uid, groups, extra }: WantedUser): string {
  const list = (values: readonly string[]) =>
    `[]string{${values.map((value) => JSON.stringify(value)).join(", ")}}`;
  const map = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const fields = [
    `Name:${JSON.stringify(name)}`,
    `UID:${JSON.stringify(uid)}`,
    `Groups:${groups.length === 0 ? "[]string(nil)" : list(groups)}`,
    `Extra:map[string][]string${map.length === 0 ? "(nil)" : `{${map.join(", ")}}`}`,
  ];
  return `&user.DefaultInfo{${fields.join(", ")}}`;
}
