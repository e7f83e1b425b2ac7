import { defineRule, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EffectiveContext } from "../../derive/kubeconfig/effective-context.ts";
import { EKS_TOKEN_LIFE_MS, type StaticToken } from "../../derive/kubeconfig/static-token.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { CERTIFICATE_FIELDS, withoutFields } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/** A static credential is used instead of the exec plugin. An EKS token expires after 15 minutes. */
export const kubeconfigStaticToken = defineRule({
  cause: {
    id: "K11",
    what: "A static credential in the user entry is used instead of the exec block: an expired token, or a client certificate.",
    seen: "401, and the plugin never starts",
    remedy: "Remove the static credential from the user entry, so that the exec block is used.",
  },
  expects: "no static credential is set in addition to or instead of the exec block",
  needs: ["context"],
  check({ context }, seen) {
    const token = seen.staticToken;
    if (token === undefined) return passed;
    if (!seen.canCause401) return NOT_REFUSED;
    const confidence = confidenceOf(token, seen);
    return found({
      severity: seen.symptom === undefined && confidence !== "certain" ? "warning" : "error",
      confidence,
      ...(confidence === "certain" ? { explains: ["E1", "A1", "S6", "L5", "L6", "K10"] } : {}),
      describe: (facts) => describe(facts, context, token),
    });
  },
});

/** Service account tokens are valid longer: without an exec block, such a token cannot be told from an expired one. */
function confidenceOf({ signedAt, isEks }: StaticToken, { exec, now, symptom }: Facts): Confidence {
  const isExpired = signedAt !== undefined && now !== undefined && now - signedAt > EKS_TOKEN_LIFE_MS;
  if (isExpired) return "certain";
  if (symptom === undefined || isEks === false)
    return exec !== undefined && symptom !== undefined ? "likely" : "possible";
  return exec === undefined ? "likely" : "certain";
}

function describe(facts: Facts, context: EffectiveContext, token: StaticToken) {
  const { exec, now } = facts;
  const { place, signedAt } = token;
  const isFlag = place === "--token";
  const what = credentialWord(place);
  return {
    summary: `${isFlag ? "The command line" : `User ${context.userName}`} has a ${what}${exec === undefined ? "" : `, so ${exec.program} is never run`}.`,
    evidence: [
      isFlag ? "The command includes --token." : `users[].user.${place} is set.`,
      exec && `users[].user.exec runs ${exec.program}.`,
      signedAt !== undefined &&
        now !== undefined &&
        `It was signed ${Math.round((now - signedAt) / 60_000)} minutes earlier; EKS accepts a token for 15.`,
    ],
    falsifiedBy: `The API server accepts the ${what}.`,
    fixes: fixes(facts, context, token),
  };
}

function credentialWord(place: StaticToken["place"]): string {
  if (place === "username") return "username and password";
  return place.startsWith("client-") ? "client certificate" : "static token";
}

/** The fields to remove with it. */
function fieldsOf(place: StaticToken["place"]): readonly string[] {
  if (place === "username") return ["username", "password"];
  return place.startsWith("client-") ? CERTIFICATE_FIELDS : [place];
}

function fixes(facts: Facts, context: EffectiveContext, { place }: StaticToken): Fix[] {
  if (place === "--token") return [forYou("Remove --token from the command.")];
  if (facts.exec === undefined)
    return regenerateEntry(facts, "Recreate the entry with an exec block that fetches tokens.", {
      isWhole: true,
    });
  const { userName, user } = context;
  const where = userName.includes(".") ? ` (user ${userName} in ${user?.path})` : "";
  const isToken = place === "token" || place === "tokenFile";
  return [
    forYou(
      `${isToken ? "Remove the token; the exec block fetches fresh ones." : `Remove the ${credentialWord(place)}; the exec block fetches tokens.`}${where}`,
      ...withoutFields(context, fieldsOf(place)),
    ),
  ];
}
