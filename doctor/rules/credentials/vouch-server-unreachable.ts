import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { quoteOf } from "../../derive/failure/error-sources.ts";
import { isOtherPrincipal, preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { vouchSide } from "../../derive/identity/vouch-side.ts";
import type { Fix } from "../../fixes/fix.ts";

/** How our words for a server that nobody answers at go on behind its name. Source: token/net/network-error.ts. */
const UNREACHABLE =
  /(?<!\S)(\S+) (?:cannot be (?:looked up|reached)|refuses connections|closed the connection before it answered|is not known to the name server|did not answer)|The certificate of (\S+) was not accepted/;

export const vouchServerUnreachable = defineLegacyRule({
  code: "vouch-server-unreachable",
  stage: "credentials",
  causes: ["V4"],
  expects: "the Vouch server can be reached",
  needs: [],
  needsOneOf: ["vouch", "errorSources"],
  judge(facts) {
    const { vouch, pluginRun } = facts;
    const side = vouchSide(facts);
    const host = side?.server?.replace(/^https?:\/\//, "").split("/", 1)[0];
    if (side === undefined || host === undefined || isOtherPrincipal(facts)) return [];
    const quote = quoteOf(facts.errorSources ?? [], UNREACHABLE);
    const isTold = (quote?.match[1] ?? quote?.match[2])?.startsWith(host.replace(/:\d+$/, "")) === true;
    const problem = vouch?.serverConfirms === undefined ? vouch?.serverProblem : undefined;
    if (!isTold && problem === undefined) return [];
    const isFelt = isTold || (pluginRun !== undefined && pluginRun.exitCode !== 0);
    const gravity = preAuthSeverity(facts);
    return [
      {
        cause: "V4",
        stage: "credentials",
        severity: isFelt && gravity !== undefined ? gravity : "warning",
        confidence: isTold && pluginRun?.exitCode !== 0 ? "certain" : "likely",
        summary: `The Vouch server ${side.server} gives no answer${isFelt ? "" : "; what is cached works without it"}.`,
        evidence: [
          ...(problem === undefined ? [] : [`Asked for the session: ${problem}.`]),
          ...(isTold && quote !== undefined ? [`The plugin says: “${quote.line}”`] : []),
        ],
        falsifiedBy: sentence`${run("curl", "-sS", {}, `https://${host}/health`)} answers from this machine.`,
        fixes: fixes(facts, host),
        explains: ["L13"],
      },
    ];
  },
});

function fixes({ evidence }: Facts, host: string): Fix[] {
  const proxy = JSON.stringify(evidence.environment ?? {}).includes('"HTTPS_PROXY"');
  return [
    {
      audience: "you",
      description: proxy
        ? "See what stands between: the proxy in HTTPS_PROXY must let this host through, or NO_PROXY must name it."
        : "See what stands between: network, VPN, proxy.",
      actions: [run("curl", "-sSv", {}, `https://${host}/health`)],
    },
  ];
}
