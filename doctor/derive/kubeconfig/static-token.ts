import type { Question } from "../../evidence/evidence.ts";
import { commandWords, flagValue } from "./command-words.ts";
import type { EffectiveContext } from "./effective-context.ts";
import { decoded, isLeftOut } from "./kubeconfig-cluster.ts";

/** Where a token may be. */
interface TokenCase {
  readonly question: Question | undefined;
  readonly context: EffectiveContext | undefined;
}

/** A static credential, because of which the plugin is not run. */
export interface StaticToken {
  /** `--token`, or the field of `users[].user`. */
  readonly place: "token" | "tokenFile" | "--token" | "username" | CertificateField;
  /** Whether it is an EKS token, by its prefix; undefined if it is masked, or no token. */
  readonly isEks: boolean | undefined;
  /** When it was signed, in epoch milliseconds, where that can be read. */
  readonly signedAt: number | undefined;
}

type CertificateField = "client-certificate" | "client-certificate-data";

/** How long EKS accepts a token after it was signed, in milliseconds. Source: token/eks/EKS-TOKEN.md, "Lifetimes". */
export const EKS_TOKEN_LIFE_MS = 15 * 60 * 1000;

/** The credential that is used instead of the plugin. Source: plugin/KUBECTL.md, "Exec block". */
export function staticToken(facts: TokenCase): StaticToken | undefined {
  const flag = flagValue(commandWords(facts.question?.command ?? ""), "--token");
  if (flag !== undefined) return { place: "--token", ...read(flag) };
  const body = facts.context?.user?.body ?? {};
  for (const place of ["token", "tokenFile"] as const) {
    const value = body[place];
    if (typeof value === "string" && value !== "")
      return { place, ...read(place === "token" ? value : "***") };
  }
  for (const place of ["client-certificate-data", "client-certificate", "username"] as const)
    if (typeof body[place] === "string" && body[place] !== "")
      return { place, isEks: undefined, signedAt: undefined };
  return undefined;
}

function read(token: string): Pick<StaticToken, "isEks" | "signedAt"> {
  if (/^\**$/.test(token) || isLeftOut(token)) return { isEks: undefined, signedAt: undefined };
  const [, body] = /^k8s-aws-v1\.([\w-]+)$/.exec(token) ?? [];
  if (body === undefined) return { isEks: false, signedAt: undefined };
  return { isEks: true, signedAt: signedAt(body) };
}

/** `X-Amz-Date` of the URL in the token. */
function signedAt(body: string): number | undefined {
  const url = decoded(body.replaceAll("-", "+").replaceAll("_", "/"));
  const [, year, month, day, hour, minute, second] =
    /X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/i.exec(url ?? "") ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
