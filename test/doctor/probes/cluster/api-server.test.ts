import assert from "node:assert/strict";
import { requireVerification } from "../../../../doctor/probes/cluster/api-server.ts";

describe("requireVerification", () => {
  const address = { ca: undefined, tlsName: undefined, proxy: undefined, skipsVerification: false };
  const check = (url: string, more: object = {}) =>
    requireVerification({ ...address, url: new URL(url), ...more });

  it("lets a token go to a server that shows who it is, and nowhere else", () => {
    check("https://eks.example");
    assert.throws(() => check("https://eks.example", { skipsVerification: true }), /then no token is sent/);
    assert.throws(() => check("http://eks.example:443"), {
      message:
        "not asked: the server of the kubeconfig is http://eks.example:443, and no token is sent without TLS",
    });
  });
});
