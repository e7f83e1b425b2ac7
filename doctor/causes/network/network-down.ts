import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { vouchServer, vouchTool } from "../../derive/identity/vouch-side.ts";
import { awsSilence, hasAnswered } from "../../derive/network/aws-silence.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/** An AWS host that answers anyone. */
const STS = "https://sts.amazonaws.com/";

/** Two services do not answer that have nothing in common except the path from this machine, so the fault is its own network. */
export const networkDown = defineRule({
  cause: {
    id: "N13",
    what: "This machine can reach neither AWS nor the API server.",
    seen: "no answer from either",
    remedy: "Check this machine's network: connection, VPN, proxy settings.",
  },
  expects: "AWS or the API server can be reached from this machine",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (["none", "unauthorized", "forbidden"].includes(seen.symptom?.kind ?? ""))
      return doesNotApply("the API server answers");
    if (seen.connection === undefined) return cannotTell("network");
    if (seen.connection.proxyFault !== undefined) return doesNotApply("a proxy on the path responds");
    const server = silenceOfServer(seen);
    if (server === undefined) return passed;
    if (hasAnswered(seen.evidence)) return passed;
    const silence = awsSilence(seen.evidence, vouchHost(seen));
    if (silence === undefined) return cannotTell("callerIdentity");
    return found({
      confidence: "likely",
      explains: ["N1", "N2", "N3", "N4", "V4"],
      describe: () => ({
        summary:
          "This machine can reach neither AWS nor the API server: the problem is its own network, VPN or proxy.",
        evidence: [`A call to AWS failed: “${silence}”`, server],
        falsifiedBy: sentence`${run("curl", "-sSI", {}, STS)} gets a response when run on this machine.`,
        fixes: [
          forYou(
            "Check this machine's own network: connection, VPN, proxy (HTTPS_PROXY, NO_PROXY). This command shows how it connects to AWS.",
            run("curl", "-sSv", {}, STS),
          ),
        ],
      }),
    });
  },
  suspected: {
    unreachable: suspectedFailure(
      ["N13", "K18"],
      ({ unknownName, untrusted }) => unknownName === undefined && untrusted === undefined,
      () => ({
        summary: "This machine does not have a network connection to the cluster.",
        audience: "you",
        confirmedBy: sentence`${run("curl", "-sI", {}, "https://sts.amazonaws.com")} also fails.`,
      }),
    ),
  },
});

/** How the API server fails to answer. An open connection without any data counts as well. */
function silenceOfServer({ connection, ownNetwork }: Facts): string | undefined {
  const { unknownName, silentResolver, timeout, refused } = connection ?? {};
  const { host, tls } = ownNetwork ?? {};
  const isSilent = tls?.ok === false && /handshake timeout|no TLS handshake/.test(tls.error ?? "");
  return (
    unknownName ?? silentResolver ?? timeout ?? refused ?? (isSilent ? `${host}: ${tls.error}.` : undefined)
  );
}

function vouchHost(seen: Facts): string | undefined {
  const server = vouchTool(seen) === undefined ? undefined : vouchServer(seen);
  return server !== undefined && URL.canParse(server) ? new URL(server).hostname : undefined;
}
