import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type ErrorSource, quoteOf } from "../../derive/failure/error-sources.ts";
import { sessionNeeded, vouchServer, vouchTool } from "../../derive/identity/vouch-side.ts";
import { knownValue, type VouchFacts } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { NO_VOUCH } from "../shared/session-rule.ts";
import { proxyProblem } from "./credential-proxy-down.ts";

/** How our messages for a server that does not respond continue after its name. Source: token/net/network-error.ts. */
const UNREACHABLE =
  /(?<!\S)(\S+) (?:cannot be (?:looked up|reached)|refuses connections|closed the connection before it answered|is not known to the name server|did not answer)|The certificate of (\S+) was not accepted/;

export const vouchServerUnreachable = defineRule({
  cause: {
    id: "V4",
    what: "The Vouch server cannot be reached.",
    seen: "no response",
    remedy: "Check the network path to the Vouch server: VPN, proxy, DNS.",
  },
  expects: "the Vouch server can be reached",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (vouchTool(seen) === undefined) return NO_VOUCH;
    const quote = quoteOf(seen.errorSources ?? [], UNREACHABLE);
    const named = quote?.match[1] ?? quote?.match[2];
    const server =
      vouchServer(seen) ?? (isPluginError(seen) && named !== undefined ? `https://${named}` : undefined);
    if (server === undefined) return cannotTell("vouch");
    const error = named?.startsWith(hostOf(server).replace(/:\d+$/, "")) ? quote : undefined;
    if (error === undefined && problemOf(sessionNeeded(seen)) === undefined) return passed;
    if (error === undefined && proxyProblem(seen.vouch) !== undefined)
      return doesNotApply("the proxy to the server does not respond");
    const exitCode = seen.pluginRun?.exitCode;
    const isFelt = error !== undefined || (exitCode !== undefined && exitCode !== 0);
    const health = `https://${hostOf(server)}/health`;
    return found({
      severity: (isFelt ? seen.preAuthSeverity : undefined) ?? "warning",
      confidence: error !== undefined && exitCode !== 0 ? "certain" : "likely",
      explains: ["L13"],
      describe: ({ vouch, evidence }) => ({
        summary: `The Vouch server ${server} does not respond${isFelt ? "" : "; cached credentials still work"}.`,
        evidence: [
          problemOf(vouch) && `The session could not be checked: ${problemOf(vouch)}.`,
          error && `The plugin reports: “${error.line}”`,
        ],
        falsifiedBy: sentence`${run("curl", "-sS", {}, health)}, run on this machine, prints a response.`,
        fixes: [
          forYou(
            knownValue(evidence.environment)?.["HTTPS_PROXY"] === undefined
              ? "Check the path to the server: network, VPN, proxy."
              : "Check the path to the server: the proxy in HTTPS_PROXY must allow this host, or NO_PROXY must include it.",
            run("curl", "-sSv", {}, health),
          ),
        ],
      }),
    });
  },
  refuted: ({ vouch }) => vouch?.serverConfirms === true,
});

/** Whether the call failed in our plugin, which calls no host but the Vouch server and AWS. */
function isPluginError({ exec, errorSources = [] }: Facts): boolean {
  const isOurs = ({ text }: ErrorSource) => /executable kubectl-vouch failed/.test(text);
  return (
    exec === undefined && errorSources.some((source) => isOurs(source) && !/amazonaws\.com/.test(source.text))
  );
}

/** Why the session could not be checked with the server. */
function problemOf(vouch: VouchFacts | undefined): string | undefined {
  return vouch?.serverConfirms === undefined ? vouch?.serverProblem : undefined;
}

/** Including the port, if there is one. */
function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, "").split("/", 1)[0] ?? server;
}
