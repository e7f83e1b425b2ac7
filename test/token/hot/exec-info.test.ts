import assert from "node:assert/strict";
import { readExecInfo } from "../../../token/hot/exec-info.ts";
import { CLUSTER_INFO_CASES, execInfoFor, ITS_INFO } from "../../support/cluster-infos.ts";

const V1 = "client.authentication.k8s.io/v1";

describe("the API version that readExecInfo finds", () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, V1],
    ["", V1],
    [" \n", V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"interactive":false}}\n`, V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}","spec":null}`, V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}","spec":7}`, V1],
    [`{"kind":"ExecCredential","apiVersion":"${V1}beta1"}`, `${V1}beta1`],
    [`{"kind":"ExecCredential","apiVersion":"${V1}alpha1"}`, undefined],
    [`{"kind":"ExecCredential","apiVersion":"${V1}", `, undefined],
    [`{"kind":"ExecCredential","apiVersion":["${V1}"]}`, undefined],
    [`{"kind":"ExecCredential"}`, undefined],
    [`{"apiVersion":"${V1}"}`, undefined],
    ["null", undefined],
    ["[]", undefined],
    ["1", undefined],
    [`${"[".repeat(100_000)}`, undefined],
  ];
  for (const [text, version] of cases) {
    it(`is ${version} for ${JSON.stringify(text)?.slice(0, 90)}`, () => {
      assert.equal(readExecInfo(text)?.apiVersion, version);
    });
  }
});

describe("whether readExecInfo finds somebody to ask", () => {
  const kind = `"kind":"ExecCredential","apiVersion":"${V1}"`;
  const cases: readonly (readonly [string | undefined, unknown])[] = [
    [undefined, undefined],
    [`{${kind},"spec":{"interactive":true}}\n`, true],
    [`{${kind},"spec":{"interactive":false}}\n`, false],
    [`{${kind},"spec":{}}`, undefined],
    [`{${kind}}`, undefined],
    [`{"kind":"ExecCredential","apiVersion":"${V1}alpha1","spec":{"interactive":true}}`, undefined],
  ];
  for (const [text, interactive] of cases) {
    it(`is ${interactive} in ${text}`, () => assert.equal(readExecInfo(text)?.interactive, interactive));
  }
});

describe("the cluster that readExecInfo finds", () => {
  for (const { name, asked } of CLUSTER_INFO_CASES) {
    it(`is as it was said: ${name}`, () => {
      assert.deepEqual(readExecInfo(execInfoFor(asked))?.cluster, asked);
    });
  }

  it("is found in 300 kB", () => {
    const asked = { ...ITS_INFO, config: { audience: "x".repeat(300_000) } };
    assert.deepEqual(readExecInfo(execInfoFor(asked, `${V1}beta1`)), {
      apiVersion: `${V1}beta1`,
      cluster: asked,
      interactive: false,
    });
  });

  /** Written by kubectl 1.28.4 and 1.36.0: with a CA file, a proxy and settings for the plugin; without any; insecure. */
  const SAID_BY_KUBECTL = [
    `"server":"https://127.0.0.1:1/","tls-server-name":"foo.example","certificate-authority-data":"Y2E=","proxy-url":"http://127.0.0.1:2","config":{"a":1}`,
    `"server":"https://127.0.0.1:1/","certificate-authority-data":"Y2E=","config":null`,
    `"server":"https://127.0.0.1:1/","tls-server-name":"foo.example","insecure-skip-tls-verify":true,"proxy-url":"http://127.0.0.1:2","config":{"a":1}`,
  ].map(
    (cluster) =>
      `{"kind":"ExecCredential","apiVersion":"${V1}","spec":{"cluster":{${cluster}},"interactive":false}}\n`,
  );
  for (const text of SAID_BY_KUBECTL) {
    it(`is found in what kubectl 1.28 and 1.36 say: ${text.slice(86, 200)}`, () => {
      assert.equal(
        (readExecInfo(text)?.cluster as { server?: unknown } | undefined)?.server,
        "https://127.0.0.1:1/",
      );
    });
  }
});
