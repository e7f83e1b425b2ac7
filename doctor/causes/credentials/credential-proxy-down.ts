import { run, setVariable, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Quote } from "../../derive/failure/error-sources.ts";
import { vouchTool } from "../../derive/identity/vouch-side.ts";
import { downProxy, PROXY_DOWN, PROXY_URL_ORIGIN } from "../../derive/network/proxy.ts";
import type { DoctorEvidence, VouchFacts } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/**
 * A tool that calls Vouch or AWS through a proxy reports that the proxy is down; the host that it wanted to call does not matter.
 */
export const credentialProxyDown = defineRule({
  cause: "N8",
  expects: "the proxy to AWS and the Vouch server responds",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const error = seen.credentialErrors?.match(PROXY_DOWN);
    if (error !== undefined && !isAboutCluster(error.quote)) {
      const { match } = error.quote;
      return found({
        ...errorConclusion(error, ({ evidence }) =>
          describe(match, evidence, { effect: "no token can be fetched", evidence: [] }),
        ),
        explains: ["V4", "L13"],
      });
    }
    const problem = vouchTool(seen) === undefined ? undefined : proxyProblem(seen.vouch);
    if (problem === undefined) return passed;
    return found({
      severity: "warning",
      confidence: "likely",
      explains: ["V4"],
      describe: ({ evidence, vouch }) =>
        describe(problem, evidence, {
          effect: "cached credentials still work",
          evidence: [`The session could not be checked: ${vouch?.serverProblem ?? ""}`],
        }),
    });
  },
});

/**
 * Whether it is a client's message about its own call to the API server; only such calls go through the proxy in the kubeconfig.
 */
function isAboutCluster({ by, match }: Quote): boolean {
  const { go, origin } = match.groups ?? {};
  return origin === PROXY_URL_ORIGIN || (by === "call" && go !== undefined);
}

/** The error, if the session could not be requested because of a proxy. */
export function proxyProblem(vouch: VouchFacts | undefined): RegExpExecArray | undefined {
  return PROXY_DOWN.exec(vouch?.serverProblem ?? "") ?? undefined;
}

function describe(
  match: RegExpExecArray,
  bundle: DoctorEvidence,
  { effect, evidence }: Pick<Description, "evidence"> & { readonly effect: string },
): Description {
  const { name, url, origin = "HTTPS_PROXY", why } = downProxy(match, bundle);
  const proxy = url ?? "http://PROXY_HOST:PORT";
  return {
    summary: `The ${name} does not respond${why === undefined ? "" : `: ${why}`}; ${effect}.`,
    evidence,
    falsifiedBy: sentence`${run("curl", "-sSI", { proxy }, "https://sts.amazonaws.com/")} prints a response.`,
    fixes: [
      forYou(
        "Start the proxy, or configure one that is running.",
        setVariable(origin, "http://PROXY_HOST:PORT"),
      ),
      forYou("Or, if the network allows direct connections, unset the proxy.", unsetVariables(origin)),
    ],
  };
}
