import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { knownValue } from "../../../doctor/evidence/evidence.ts";
import { redactEvidence } from "../../../doctor/evidence/redact.ts";
import { randomNumbers } from "../../support/mutations.ts";
import {
  ENDPOINT,
  healthyBundle,
  healthyVouchBundle,
  kubeconfigText,
  VOUCH_EXEC,
} from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { noAnswer } from "../support/network-faults.ts";
import { VARIANTS } from "../support/variants.ts";

type Change = Partial<DoctorEvidence>;

const kubeconfig = (text: string): Change => ({ kubeconfig: { files: [{ path: "/k", text }] } });
const server = (url: string): Change => kubeconfig(kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, url));
const inCluster = (line: string) =>
  kubeconfig(kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, `${ENDPOINT}\n    ${line}`));
const exec = (from: string, to: string) => kubeconfig(kubeconfigText(VOUCH_EXEC.replace(from, to)));
const execEnv = (name: string, value: string) =>
  exec("interactiveMode", `env:\n- name: ${name}\n  value: "${value}"\ninteractiveMode`);
const network = (more: object): Change => ({ network: { host: "10.0.0.1", port: 443, ...more } });
const vouch = (more: object): Change => ({
  vouch: { server: "https://us.vouch.sh", loggedIn: false, ...more },
});
const ci = (configuration: string): Change => ({ client: { name: "ci", configuration } });

/** Where a bundle holds a host; `host` has a domain of the company's, `name` has no dot. */
const PLACES: Readonly<Record<string, (host: string, name: string) => Change>> = {
  "HTTPS_PROXY with a user": (host) => ({ environment: { HTTPS_PROXY: `http://ada:x@${host}:3128` } }),
  "HTTP_PROXY without a scheme": (host) => ({ environment: { HTTP_PROXY: `${host}:3128` } }),
  "a proxy without a domain": (_, name) => ({ environment: { https_proxy: `http://${name}:3128` } }),
  "both lists of hosts without a proxy": (host, name) => ({
    environment: { NO_PROXY: `localhost, .${host},*.x.${host}:443 ${name},10.0.0.0/8`, no_proxy: `.${name}` },
  }),
  "names of this machine": (host, name) => ({ environment: { HOSTNAME: host, COMPUTERNAME: name } }),
  VOUCH_SERVER: (host) => ({ environment: { VOUCH_SERVER: host } }),
  "the URL of VOUCH_SERVER": (host) => ({ environment: { VOUCH_SERVER: `https://${host}:8443/` } }),
  "the server of a kubeconfig": (host) => server(`https://${host}:6443`),
  "a server without a domain": (_, name) => server(`https://${name}`),
  "tls-server-name": (host, name) =>
    inCluster(`tls-server-name: "${host}"\n    # also ${host}:443, ${name}.${host}`),
  "proxy-url": (host) => inCluster(`proxy-url: http://${host}:3128`),
  "the argument --server": (host) => exec("https://us.vouch.sh", `https://${host}`),
  "the argument --server without a scheme": (host) => exec("https://us.vouch.sh", host),
  "the argument --server=": (host) => exec("--server, https://us.vouch.sh", `--server=${host}`),
  "variables of a plugin": (host) => execEnv("HTTPS_PROXY", `http://${host}:3128`),
  "a list of hosts of a plugin": (host, name) => execEnv("NO_PROXY", `.${host},${name}`),
  "the server of a plugin's variable": (host) => execEnv("VOUCH_SERVER", host),
  "addresses in AWS's files": (host, name) => ({
    awsConfig: {
      path: "/c",
      text: `[default]\nendpoint_url = https://${host}\nsso_start_url = https://${name}.awsapps.com/start\n`,
    },
  }),
  "hosts of AWS that are the company's": (_, name) => ({
    pluginRun: {
      exitCode: 1,
      stderr: `Get "https://internal-${name}-123.eu-west-1.elb.amazonaws.com/": and https://${name}.s3.eu-west-1.amazonaws.com/x`,
    },
  }),
  "hosts of Vouch that are the company's": (_, name) => vouch({ server: `https://${name}.vouch.sh` }),
  "the host of the API server": (host) => network({ host }),
  "its name without a domain": (_, name) => network({ host: name }),
  "why DNS does not know it": (host, name) =>
    network({ dnsError: `lookup ${host} on 10.0.0.2:53: no such host; getaddrinfo ENOTFOUND ${name}` }),
  "names in its certificate": (host, name) =>
    network({
      tls: {
        ok: false,
        error: `x509: certificate is valid for ${host}, *.other.${host}, not ${name}.test`,
        issuer: host,
        subjectAltNames: [`*.${host}`, name, "kubernetes.default.svc", `kubernetes.default.svc.${name}.test`],
      },
    }),
  "names that Node sees in it": (host, name) =>
    network({
      tls: {
        ok: false,
        error: `Hostname/IP does not match certificate's altnames: Host: ${host}. is not in the cert's altnames: DNS:${name}.test, DNS:*.${name}.io`,
      },
    }),
  "its proxy": (host) =>
    network({
      proxy: {
        url: `http://${host}:3128`,
        origin: "HTTPS_PROXY",
        answer: `CONNECT ${host}:443 is forbidden`,
      },
    }),
  "a proxy without a scheme": (host, name) =>
    network({
      proxy: { url: `${name}:3128`, origin: "HTTPS_PROXY", answer: `Squid at ${host}:3128 says no` },
    }),
  "peers of the clock": (host) => ({ clocks: [{ peer: `${host}:8443`, aheadSeconds: 0 }] }),
  "the Vouch server": (host, name) =>
    vouch({
      server: `https://${host}`,
      endpoints: { stsEndpoint: `https://sts.${name}.com:8443/` },
      serverProblem: `The proxy http://${host}:3128 of HTTPS_PROXY did not answer.`,
    }),
  "why the Vouch server is silent": (host) => vouch({ serverProblem: `${host}: ECONNREFUSED connect` }),
  "the host that a token is signed for": (host) => ({ token: { host: `sts.${host}` } }),
  "why the API server is silent": (host) => ({ apiServer: { failed: `${host}: ECONNREFUSED ${host}` } }),
  "what a command said": (host, name) => ({
    question: {
      command: `ssh -J bastion.${host} -L 6443:${name}.internal:443 jump.${name}.com`,
      stderr: `E1127 10:00:00 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://${host}/api?timeout=32s\\": dial tcp: lookup ${host}: i/o timeout"\nUnable to connect to the server: dial tcp: lookup ${name}.com: no such host`,
    },
  }),
  "percent signs": (host) => ({
    pluginRun: { exitCode: 1, stderr: `open https://us.vouch.sh/a?redirect=https%3A%2F%2F${host}%2Fx` },
  }),
  "the endpoint of a cluster": (host) => ({
    cluster: {
      cluster: { name: "lab", arn: "x", status: "ACTIVE", version: "1.33", endpoint: `https://${host}` },
    },
  }),
  "identity providers": (host, name) => ({
    identityProviders: [{ identityProviderConfig: { oidc: { issuerUrl: `https://${host}/x` } } }],
    openIdConnectProviders: {
      OpenIDConnectProviderList: [{ Arn: `arn:aws:iam::111122223333:oidc-provider/${name}.com/x` }],
    },
    role: {
      Role: {
        Arn: "arn:aws:iam::111122223333:role/Dev",
        RoleId: "y",
        CreateDate: 1,
        AssumeRolePolicyDocument: encodeURIComponent(
          JSON.stringify({
            Condition: { StringEquals: { [`id.${host}:sub`]: "x", [`${name}.io/x:aud`]: "y" } },
          }),
        ),
      },
    },
  }),
  "a trust policy that is no text": (host, name) => ({
    role: {
      Role: {
        Arn: "arn:aws:iam::111122223333:role/Dev",
        RoleId: "y",
        CreateDate: 1,
        AssumeRolePolicyDocument: {
          Statement: [
            { Condition: { StringEquals: { [`id.${host}:sub`]: "x", [`${name}.io/x:aud`]: "y" } } },
          ],
        },
      },
    },
  }),
  "a job's variables": (host, name) =>
    ci(
      `env:\n  HTTPS_PROXY: ${host}:3128\n  - name: NO_PROXY\n    value: .${name}\n  VOUCH_SERVER: "${host}"\n`,
    ),
  "a unit, a property list, a shell": (host, name) =>
    ci(
      `Environment="NO_PROXY=localhost,.${name}"\n<key>HTTPS_PROXY</key>\n<string>${host}:3128</string>\nexport https_proxy=${name}:3128\n`,
    ),
  "Terraform's blocks": (host) =>
    ci(`provider "kubernetes" {\n  host      = "${host}"\n  proxy_url = "${host}:1"\n}`),
  "what a client's files say": (host, name) => ({
    client: {
      name: "lens",
      files: [{ path: "/x", text: `{"httpsProxy":"${host}:3128","server":"https://${name}:6443"}` }],
    },
  }),
  "another observation": (host, name) => ({
    otherObservations: [
      {
        differs: "elsewhere",
        stderr: `lookup ${host}: no such host`,
        environment: { HTTPS_PROXY: `${name}:3128`, NO_PROXY: `.${host}` },
        kubeconfig: { files: [{ path: "/k", text: `  server: https://a.${host}\n` }] },
        network: { host, port: 443, tls: { ok: true, subjectAltNames: [name] } },
      },
    ],
  }),
};

/** Words of programs around a host, whatever it ends with. */
const ERRORS: Readonly<Record<string, (host: string) => string>> = {
  "of curl and git": (host) => `fatal: unable to access it: Could not resolve host: ${host}`,
  "of curl for its proxy": (host) => `curl: (5) Could not resolve proxy: ${host}`,
  "of curl that cannot connect": (host) =>
    `curl: (7) Failed to connect to ${host} port 443 after 3 ms: Couldn't connect to server`,
  "of curl for a certificate": (host) =>
    `curl: (60) SSL: no alternative certificate subject name matches target host name '${host}'`,
  "of ssh": (host) => `ssh: Could not resolve hostname ${host}: Name or service not known`,
  "of ssh that cannot connect": (host) => `ssh: connect to host ${host} port 22: Connection refused`,
  "of Go that dials": (host) => `error dialing ${host}: timeout`,
  "of Go that dials TCP": (host) => `dial tcp ${host}: connect: no route to host`,
  "of Go for a certificate without names": (host) => `certificate is valid, but wanted to match ${host}`,
  "of a refusal": (host) => `${host} refused the connection`,
  "of a refusal by a port": (host) => `the server ${host} port 6443 is closed`,
  "of a jump": (host) => `ssh -J ${host} -p 22`,
  "of a refusal in Node's words": (host) => `it says ${host}: ECONNREFUSED`,
  "of silence": (host) => `the host ${host} did not answer`,
  "of whom it is refused by": (host) => `the connection was refused by ${host}.`,
  "of the way": (host) => `connect via ${host}, then sign in`,
  "of Python": (host) => `HTTPSConnectionPool(host='${host}', port=443): Max retries exceeded with url: /api`,
  "of Node": (host) => `getaddrinfo ENOTFOUND ${host}`,
};

const SUFFIXES = ["example", "com", "internal", "local", "co.uk", "io", "corp", "test", "lan", "cloud"];
const BEFORE = ["", "k8s.", "proxy.eu.", "kubernetes.", "vouch-1.", "us.", "ab."];

/** Made-up names of companies; some with a hyphen, some with a digit. */
function companies(seed: number): () => string {
  const below = randomNumbers(seed);
  const word = (length: number) =>
    Array.from({ length }, () => "bcdfghjklmnpqrvwxz".charAt(below(18))).join("");
  return () => [`${word(4)}-${word(5)}`, `${word(5)}${below(10)}`, word(7)][below(3)] ?? "";
}

function causesOf(bundle: DoctorEvidence): readonly string[] {
  const { healthy, rootCauses, outcomes } = diagnose(RULES, deriveFacts(bundle));
  return [
    `${healthy}`,
    ...rootCauses.map(({ cause, code, confidence }) => `${cause} ${code} ${confidence}`),
    ...outcomes.map(({ rule, status }) => `${rule.code} ${status}`),
  ];
}

describe("a bundle redacted of hosts", () => {
  const company = companies(20_261_127);
  for (const [place, plant] of Object.entries(PLACES)) {
    it(`holds none of ${place}, and is judged as it was`, () => {
      for (const [index, suffix] of SUFFIXES.entries()) {
        const [owner, other] = [company(), company()];
        const host = `${BEFORE[index % BEFORE.length]}${owner}.${suffix}`;
        const bundle = healthyVouchBundle(plant(host, other));
        const redacted = redactEvidence(bundle, { names: true });
        const text = JSON.stringify(redacted).toLowerCase();
        for (const name of [owner, other])
          assert.ok(!text.includes(name), `${host} ${other}: ${excerpt(text, name)}`);
        assert.deepEqual(causesOf(redacted), causesOf(bundle), `${host} ${other}`);
      }
    });
  }

  it("has the same placeholder for the same host, and for what is under a domain", () => {
    const bundle = healthyVouchBundle({
      ...server("https://k8s.eu.acme-corp.com:6443"),
      ...network({
        host: "k8s.eu.acme-corp.com",
        proxy: { url: "http://Proxy.ACME-corp.com:3128", origin: "x" },
      }),
      environment: {
        HTTPS_PROXY: "http://proxy.acme-corp.com:3128",
        NO_PROXY: ".eu.acme-corp.com,acmebox,.acme",
      },
      clocks: [
        { peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: 0 },
        { peer: "vouch.acme:8443", aheadSeconds: 0 },
      ],
    });
    const redacted = redactEvidence(bundle, { names: true });
    const { host, proxy } = knownValue(redacted.network) ?? {};
    assert.equal(host, "k8s.eu.domain1.com.example");
    assert.match(proxy?.url ?? "", /^http:\/\/proxy\.domain1\.com\.example:3128$/i);
    const [file] = knownValue(redacted.kubeconfig)?.files ?? [];
    assert.ok(file !== undefined && "text" in file && file.text.includes(`server: https://${host}:6443\n`));
    assert.deepEqual(redacted.environment, {
      HTTPS_PROXY: "http://proxy.domain1.com.example:3128",
      NO_PROXY: ".eu.domain1.com.example,name2,.name1",
    });
    assert.deepEqual(redacted.clocks, [
      { peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: 0 },
      { peer: "domain2.name1:8443", aheadSeconds: 0 },
    ]);
  });

  it("keeps the hosts that everybody has, addresses, files and groups of the API", () => {
    const kept = [
      "https://sts.amazonaws.com https://sts.cn-north-1.amazonaws.com.cn https://eks.eu-west-1.api.aws",
      "https://us.vouch.sh https://github.com/kubectl-vouch/kubectl-vouch https://kubernetes.io/docs",
      "https://127.0.0.1:6443 https://[::1]:6443 https://localhost:6443 http://10.0.0.1:3128 nslookup x 1.1.1.1:53",
      "https://kubernetes.default.svc ip-10-0-0-1.eu-west-1.compute.internal:10250",
      'memcache.go:265] main.tf:12: deployments.apps is forbidden in "web.shop", client v1.36.0:',
      "kubernetes.client.exceptions.ApiException: (403) host = data.aws_eks_cluster.shop.endpoint",
      "fatal: Could not resolve host: github.com, Failed to connect to us.vouch.sh port 443",
      "error dialing main.go:12, connect via deployments.apps, denied by 1.2.3, ping to config.yaml did not answer",
      "managed by virtualservices.networking.istio.io",
      "rbac.authorization.k8s.io virtualservices.networking.istio.io /home/x/settings.local.json",
    ];
    for (const stderr of kept) {
      const { question } = redactEvidence(healthyBundle({ question: { stderr } }), { names: true });
      assert.equal(question?.stderr, stderr);
    }
  });

  for (const [words, place] of Object.entries(ERRORS)) {
    it(`holds none of an error: ${words}`, () => {
      const hosts = ["vault.secretco.ventures", "k8s.secretco.partners", "secretco.com", "a.secretco.co.uk"];
      for (const host of hosts) {
        const bundle = healthyBundle({ question: { stderr: place(host) } });
        const { question } = redactEvidence(bundle, { names: true });
        assert.doesNotMatch(question?.stderr ?? "", /secretco/, host);
        const [before = "", behind = ""] = place("\0").split("\0");
        const kept = question?.stderr ?? "";
        assert.ok(kept.startsWith(before) && kept.endsWith(behind), kept);
      }
    });
  }

  it("takes no word of a sentence about a certificate or a token for a host", () => {
    const words = (host: string) =>
      noAnswer(
        [
          "Unable to connect to the server: Hostname/IP does not match certificate's altnames",
          `x509: certificate is not valid for any names, but wanted to match ${host}`,
          "the token is valid for another hour. The client certificate is valid for another match of this hour.",
        ].join("\n"),
        {
          environment: { HTTPS_PROXY: "http://localhost:8443" },
          network: { failed: `certificate is not valid for any names, but wanted to match ${host}` },
        },
      );
    const bundle = words("kube.acme-corp.com");
    const redacted = redactEvidence(bundle, { names: true });
    assert.ok(causesOf(bundle).some((cause) => cause.startsWith("N12 ")));
    assert.deepEqual(causesOf(redacted), causesOf(bundle));
    const { question, network: probed } = words("kube.domain1.com.example");
    assert.deepEqual([redacted.question?.stderr, redacted.network], [question?.stderr, probed]);
  });

  it("is judged as it was for each fault behind a proxy and a server of the company's", () => {
    for (const { bundle } of [...FAULTS, ...VARIANTS]) {
      const asked: DoctorEvidence = {
        ...bundle,
        environment: {
          ...knownValue(bundle.environment),
          HTTPS_PROXY: "http://proxy.acme-corp.com:3128",
          NO_PROXY: "localhost,.acme-corp.com,.acme",
        },
      };
      assert.deepEqual(causesOf(redactEvidence(asked, { names: true })), causesOf(asked));
    }
  });
});

function excerpt(text: string, name: string): string {
  const at = text.indexOf(name);
  return text.slice(Math.max(0, at - 80), at + 80);
}
