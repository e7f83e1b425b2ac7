import { kubectl, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { isGoClient } from "../../derive/client/client-kind.ts";
import { describeWorkingWay, type WorkingWay } from "../../derive/client/working-ways.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { acceptsToken, isAnonymous } from "../../derive/failure/symptom.ts";
import type { Client } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { isUnknownCaller } from "../shared/caller-words.ts";
import { NOT_REFUSED, OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { failsWithout } from "../shared/refuted.ts";

/** Releases that do not send a token with an exec block. Source: kubernetes-client/python#2333. */
const BROKEN = /python/i;
const BROKEN_VERSION = /\b32\.0\.0\b/;

/** A client that does not use client-go ignores the exec block, or runs it incorrectly, while it works with kubectl. */
export const clientIgnoresExec = defineRule({
  cause: {
    id: "T4",
    what: "The client ignores exec blocks, or runs them incorrectly.",
    seen: "401 or system:anonymous, although kubectl works",
    remedy: "Use a different release of the client, or pass it a token for each run.",
  },
  expects: "the client runs the exec block and sends its token",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    const hasNoToken = isAnonymous({ symptom });
    if (symptom.kind !== "unauthorized" && !hasNoToken) return NOT_REFUSED;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (isGoClient(client)) return doesNotApply("the client uses client-go");
    if (!hasNoToken && seen.exec === undefined)
      return doesNotApply("the user entry does not have an exec block");
    const isExecGood = () => goWayOf(seen)?.isSameIdentity === true || acceptsToken(seen.evidence);
    const confidence = confidenceOf(hasNoToken, isBroken(client), isExecGood);
    return found({
      confidence,
      ...(confidence === "possible" ? { inferred: true } : { explains: ["E10", "T9"] }),
      describe: (facts) => describe(facts, client),
    });
  },
  refuted: (seen) => failsWithout(seen, ({ client }) => client !== undefined && isGoClient(client)),
  suspected: {
    unauthorized: {
      causes: ["T4", "V7", "K2"],
      suspicion: (facts) => {
        const { client } = facts;
        if (client === undefined || isGoClient(client) || !isUnknownCaller(facts)) return undefined;
        return {
          summary: `The ${client.name} client does not run the kubeconfig's exec block, or sends a wrong token.`,
          hints: [`The error comes from a ${client.name} client, which does not use client-go.`],
          audience: "you",
          confirmedBy: sentence`${kubectl("auth whoami")} works with the same context.`,
        };
      },
    },
    forbidden: {
      causes: ["T4", "K15", "K11"],
      suspicion: ({ symptom }) => {
        if (symptom?.kind !== "forbidden" || symptom.user !== "system:anonymous") return undefined;
        return {
          summary:
            "The request was sent without credentials: the client ignores the exec block, or the context does not set a user.",
          hints: ["The API server treats the caller as system:anonymous."],
          audience: "you",
          confirmedBy: sentence`${kubectl("config view", { minify: true })} does not show a user with an exec block, or ${kubectl("auth whoami")} works where this client fails.`,
        };
      },
    },
  },
});

/** A client-go program for which the exec block works, with the same identity or an unknown one. */
function goWayOf({ workingWays }: Facts): WorkingWay | undefined {
  const ways = workingWays.filter(
    ({ observation: { client }, isSameIdentity }) =>
      client !== undefined && isGoClient(client) && isSameIdentity !== false,
  );
  return ways.find(({ isSameIdentity }) => isSameIdentity === true) ?? ways[0];
}

/** Two of these signs prove it. */
function confidenceOf(hasNoToken: boolean, isBugKnown: boolean, isExecGood: () => boolean): Confidence {
  if (hasNoToken && isBugKnown) return "certain";
  const isSuspect = hasNoToken || isBugKnown;
  if (isExecGood()) return isSuspect ? "certain" : "likely";
  return isSuspect ? "likely" : "possible";
}

function isBroken({ name, version = "" }: Client): boolean {
  return BROKEN.test(name) && BROKEN_VERSION.test(version);
}

function describe(facts: Facts, client: Client) {
  const { symptom, evidence } = facts;
  const { name, version } = client;
  const way = goWayOf(facts);
  return {
    summary: `${name}${version === undefined ? "" : ` ${version}`} does not send a valid token, although the kubeconfig has an exec block.`,
    evidence: [
      isAnonymous({ symptom }) && 'The API server reports user "system:anonymous": no token was sent.',
      isBroken(client) && `Version ${version} of this client has this bug (kubernetes-client/python#2333).`,
      way && describeWorkingWay(way),
      acceptsToken(evidence) && "The API server returns 200 for the plugin's own token.",
    ],
    falsifiedBy: "kubectl is also rejected with the same context.",
    fixes: [otherRelease(name), OWN_TOKEN],
  };
}

function otherRelease(name: string): Fix {
  if (!BROKEN.test(name)) return forYou("Use a different release of the client; try the latest first.");
  return forYou(
    "Use a different release of the client.",
    run("pip", "install --upgrade", {}, "kubernetes!=32.0.0"),
  );
}

const OWN_TOKEN = forYou(
  "Or run the exec block's command yourself, and pass its token to the client on each run.",
);
