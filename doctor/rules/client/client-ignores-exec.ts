import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isGoClient } from "../../derive/client/go-client.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { isAnonymous } from "../../derive/failure/startup.ts";
import { knownValue } from "../../evidence/evidence.ts";
import type { Fix } from "../../fixes/fix.ts";

/** Releases that send no token with an exec block. Source: kubernetes-client/python#2333. */
const BROKEN = /python/i;
const BROKEN_VERSION = /\b32\.0\.0\b/;

/** A client that is not client-go does not run the exec block, or runs it wrongly, while kubectl is fine. */
export const clientIgnoresExec = defineLegacyRule({
  code: "client-ignores-exec",
  stage: "client",
  causes: ["T4"],
  expects: "the client runs the exec block and sends its token",
  needs: ["client", "symptom"],
  judge(facts) {
    const { client, symptom, exec } = facts;
    const isRefused = symptom.kind === "unauthorized" || isAnonymous(facts);
    if (
      isGoClient(client) ||
      !isRefused ||
      isOtherPrincipal(facts) ||
      (exec === undefined && !isAnonymous(facts))
    )
      return [];
    const works = knownValue(facts.evidence.apiServer)?.status === 200;
    const confidence = sureness(facts, works);
    return [
      {
        cause: "T4",
        stage: "client",
        severity: "error",
        confidence,
        summary: `${client.name}${client.version === undefined ? "" : ` ${client.version}`} sends no valid token, although the kubeconfig has an exec block.`,
        evidence: [
          ...(isAnonymous(facts)
            ? ['The API server names the user "system:anonymous": no token was sent.']
            : []),
          ...(isBroken(facts)
            ? [`Version ${client.version} of this client is known for it (kubernetes-client/python#2333).`]
            : []),
          ...(works ? ["With the plugin's own token the API server answers 200."] : []),
        ],
        falsifiedBy: "kubectl, with the same context, is refused too.",
        fixes: fixes(facts),
        ...(confidence === "possible" ? { inferred: true } : { explains: ["E10", "T9"] }),
      },
    ];
  },
});

function isBroken({ client }: Facts): boolean {
  return client !== undefined && BROKEN.test(client.name) && BROKEN_VERSION.test(client.version ?? "");
}

function sureness(facts: Facts, works: boolean): Confidence {
  if (isAnonymous(facts)) return isBroken(facts) || works ? "certain" : "likely";
  if (isBroken(facts)) return works ? "certain" : "likely";
  return works ? "likely" : "possible";
}

function fixes(facts: Facts): Fix[] {
  const other: Fix = {
    audience: "you",
    description:
      "Or fetch the token yourself with the exec block's own command, and hand it to the client for each run.",
  };
  if (!BROKEN.test(facts.client?.name ?? "")) {
    return [
      { audience: "you", description: "Use another release of the client; the newest one first." },
      other,
    ];
  }
  return [
    {
      audience: "you",
      description: "Use another release of the client.",
      actions: [run("pip", "install --upgrade", {}, "kubernetes!=32.0.0")],
    },
    other,
  ];
}
