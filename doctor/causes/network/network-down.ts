import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { vouchServer, vouchTool } from "../../derive/identity/vouch-side.ts";
import { awsSilence, hasAnswered } from "../../derive/network/aws-silence.ts";
import { forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/** No answer from a host of AWS; the addresses at which machines get credentials are other causes. Source: botocore, exceptions.py. */
const AWS_SILENT =
  /(?:Could not connect to the|(?:Connect|Read) timeout on|Connection was closed before we received a valid response from) endpoint URL: "https:\/\/(?<host>[a-z0-9.-]{1,253}\.(?:amazonaws\.com(?:\.cn)?|aws|api\.aws))[/":]/;

/** An AWS host that answers anyone. */
const STS = "https://sts.amazonaws.com/";

/** Two services do not answer that have nothing in common except the path from this machine, so the fault is its own network. */
export const networkDown = defineRule({
  cause: {
    id: "N13",
    what: "This machine cannot reach AWS, and usually not the API server either.",
    seen: "no answer from either; or: Could not connect to the endpoint URL",
    remedy: "Check this machine's network: connection, VPN, proxy settings.",
  },
  expects: "AWS can be reached from this machine",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (["none", "unauthorized", "forbidden"].includes(seen.symptom?.kind ?? ""))
      return doesNotApply("the API server answers");
    if (seen.connection?.proxyFault !== undefined) return doesNotApply("a proxy on the path responds");
    const server = silenceOfServer(seen);
    if (server === undefined) {
      const silence = seen.credentialErrors?.match(AWS_SILENT);
      if (silence !== undefined) return found(ofAws(silence));
      return seen.connection === undefined ? cannotTell("network") : passed;
    }
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

/** Only the way to AWS is known to be broken. A host that does not exist may also be a misspelled region. */
function ofAws(silence: CredentialError): Conclusion {
  const { host = "sts.amazonaws.com" } = silence.quote.match.groups ?? {};
  return {
    ...errorConclusion(silence, () => ({
      summary: `The failed program did not get a response from ${host}: its network, VPN or proxy is broken, or the region is wrong.`,
      evidence: [],
      falsifiedBy: sentence`${run("curl", "-sSI", {}, `https://${host}/`)} gets a response when run there.`,
      fixes: [
        forYou(
          "Check the region in the host's name, then the network: connection, VPN, proxy (HTTPS_PROXY, NO_PROXY), and in a private subnet a VPC endpoint. This command shows how far it gets.",
          run("curl", "-sSv", {}, `https://${host}/`),
        ),
      ],
    })),
    confidence: "likely",
  };
}

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
