import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import {
  certificatesIn,
  compareEndpoints,
  isEksHost,
} from "../../../../doctor/derive/kubeconfig/kubeconfig-cluster.ts";
import { CA_DATA, ENDPOINT, healthyBundle } from "../../support/bundle.ts";
import { cluster, clusterEntry, HOST, OTHER_CA } from "../../support/network-faults.ts";

describe("compareEndpoints", () => {
  it("ignores the case of the host and a port that goes without saying", () => {
    const bundle = healthyBundle(
      clusterEntry((text) => text.replace(ENDPOINT, `https://${HOST.toLowerCase()}:443/`)),
    );
    assert.equal(compareEndpoints(deriveFacts(bundle))?.isSame, true);
  });

  it("does not compare with another cluster than the context means", () => {
    assert.equal(compareEndpoints(deriveFacts(healthyBundle(cluster({ name: "prod" })))), undefined);
    const arn = "arn:aws:eks:eu-west-1:999988887777:cluster/lab";
    const named = clusterEntry((text) =>
      text
        .replaceAll("cluster: lab", `cluster: ${arn}`)
        .replace("- name: lab\n  cluster:\n", `- name: ${arn}\n  cluster:\n`),
    );
    assert.equal(compareEndpoints(deriveFacts(healthyBundle(named))), undefined);
  });
});

describe("isEksHost", () => {
  for (const [host, is] of [
    [HOST.toLowerCase(), true],
    [HOST.toLowerCase().replace("amazonaws.com", "amazonaws.com.cn"), true],
    [HOST.toLowerCase().replace("eks.amazonaws.com", "api.aws"), true],
    ["localhost", false],
    ["eks.eu-west-1.amazonaws.com", false],
  ] as const) {
    it(`${host}: ${is}`, () => {
      assert.equal(isEksHost(host), is);
    });
  }
});

describe("certificatesIn", () => {
  it("finds each certificate, whatever the line breaks", () => {
    assert.deepEqual(certificatesIn(CA_DATA), ["MIIB"]);
    assert.deepEqual(certificatesIn(btoa(`${atob(CA_DATA)}# second\r\n${atob(OTHER_CA)}`)), ["MIIB", "MIIC"]);
  });

  for (const text of ["", "not base64!", CA_DATA.slice(0, 40), btoa("-----BEGIN CERTIFICATE-----\nMIIB")]) {
    it(`finds no whole one in ${JSON.stringify(text)}`, () => {
      assert.equal(certificatesIn(text), undefined);
    });
  }
});
