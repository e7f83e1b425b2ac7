import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401 } from "../../derive/failure/startup.ts";
import { EKS_TOKEN_LIFE_MS, type StaticToken, staticToken } from "../../derive/kubeconfig/static-token.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** A token that is written down beats the exec plugin; one of EKS is dead after 15 minutes. */
export const kubeconfigStaticToken = defineLegacyRule({
  code: "kubeconfig-static-token",
  stage: "kubeconfig",
  causes: ["K11"],
  expects: "no token is written down beside or instead of the exec block",
  needs: ["context"],
  judge(facts) {
    const token = staticToken(facts);
    if (token === undefined || !canCause401(facts)) return [];
    const { exec, context, symptom } = facts;
    const confidence = sureness(facts, token);
    const where = token.place === "--token" ? "The command line" : `User ${context.userName}`;
    return [
      {
        cause: "K11",
        stage: "kubeconfig",
        severity: symptom === undefined && confidence !== "certain" ? "warning" : "error",
        confidence,
        summary: `${where} carries a token of its own${exec === undefined ? "" : `, so ${exec.program} is never asked`}.`,
        evidence: [
          token.place === "--token" ? "The command holds --token." : `users[].user.${token.place} is set.`,
          ...(exec === undefined ? [] : [`users[].user.exec runs ${exec.program}.`]),
          ...age(facts, token),
        ],
        falsifiedBy: "The token that is written down is accepted by the API server.",
        fixes: [fix(facts, token)],
        ...(confidence === "certain" ? { explains: ["E1", "A1", "S6", "L5", "L6", "K10"] } : {}),
      },
    ];
  },
});

/** Service accounts have tokens that live on: without an exec block beside it, nothing tells such a token from a dead one. */
function sureness({ exec, now, symptom }: Facts, { signedAt, isEks }: StaticToken): Confidence {
  const isDead = signedAt !== undefined && now !== undefined && now - signedAt > EKS_TOKEN_LIFE_MS;
  if (isDead) return "certain";
  if (symptom === undefined || isEks === false)
    return exec !== undefined && symptom !== undefined ? "likely" : "possible";
  return exec === undefined ? "likely" : "certain";
}

function age({ now }: Facts, { signedAt }: StaticToken): string[] {
  if (signedAt === undefined || now === undefined) return [];
  return [`It was signed ${Math.round((now - signedAt) / 60_000)} minutes before; EKS takes tokens for 15.`];
}

function fix(facts: Facts, { place }: StaticToken): Fix {
  const { context, exec } = facts;
  if (place === "--token") return { audience: "you", description: "Leave --token out of the command." };
  if (exec === undefined)
    return regenerateEntry(facts, "Write the entry anew, with an exec block that fetches tokens.");
  const name = context?.userName ?? "USER";
  const description = "Remove the token; the exec block fetches fresh ones.";
  return name.includes(".")
    ? {
        audience: "you",
        description: `${description} (user ${name} in ${context?.user?.path})`,
        actions: [documentOf(`- ${place}: …`)],
      }
    : { audience: "you", description, actions: [kubectl("config unset", {}, `users.${name}.${place}`)] };
}
