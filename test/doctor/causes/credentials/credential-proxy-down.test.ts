import { healthyVouchBundle, pluginFailed } from "../../support/bundle.ts";
import { vouch } from "../../support/credential-faults.ts";
import { DEAD_PROXY_WORDS, throughProxyUrl } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const PROXY = "http://127.0.0.1:3128";
const OURS = `The proxy ${PROXY} of HTTPS_PROXY does not answer: connection refused.`;
const ENVIRONMENT = {
  HOME: "/home/ada",
  PATH: "/usr/bin:/bin",
  HTTPS_PROXY: "http://ada:canary@10.0.0.9:3128",
};
const UNVERIFIED = vouch({ serverProblem: OURS });
const COMMANDS = ["export HTTPS_PROXY=http://PROXY_HOST:PORT", "unset HTTPS_PROXY"];

testRule("credentials/credential-proxy-down", "N8", {
  certain: {
    "knows the AWS CLI's words, and takes the rest from the environment": {
      on: pluginFailed(`Failed to connect to proxy URL: "http://ada:canary@10.0.0.9:3128"`, {
        changes: { environment: ENVIRONMENT },
      }),
      summary: "The proxy http://***@10.0.0.9:3128 of HTTPS_PROXY does not respond; no token can be fetched.",
      commands: COMMANDS,
    },
    "knows the words of a program in Go": {
      on: pluginFailed(
        'could not get token: RequestError: Post "https://sts.eu-west-1.amazonaws.com/": proxyconnect tcp: dial tcp: lookup proxy.corp on 127.0.0.53:53: no such host',
        { changes: { environment: ENVIRONMENT } },
      ),
      summary:
        "The proxy http://***@10.0.0.9:3128 of HTTPS_PROXY does not respond: its host name could not be resolved; no token can be fetched.",
      commands: COMMANDS,
    },
  },
  likely: {
    "warns while what is cached still works": {
      on: healthyVouchBundle(UNVERIFIED),
      severity: "warning",
      summary: `The proxy ${PROXY} of HTTPS_PROXY does not respond: connection refused; cached credentials still work.`,
    },
  },
  passed: {
    "the proxy of the kubeconfig is down, through which nobody asks AWS": [
      throughProxyUrl(),
      pluginFailed(DEAD_PROXY_WORDS, { vouch: true }),
    ],
  },
});
