import assert from "node:assert/strict";
import { serverUrl } from "../../../token/vouch/server-url.ts";

describe("serverUrl", () => {
  const spellings: Readonly<Record<string, string>> = {
    "https://us.vouch.sh": "https://us.vouch.sh",
    "https://us.vouch.sh/": "https://us.vouch.sh",
    "https://us.vouch.sh///": "https://us.vouch.sh",
    " https://us.vouch.sh\n": "https://us.vouch.sh",
    "HTTPS://US.Vouch.SH:443/": "https://us.vouch.sh",
    "https://us.vouch.sh:8443": "https://us.vouch.sh:8443",
    "http://localhost:3000/": "http://localhost:3000",
    "http://127.0.0.1": "http://127.0.0.1",
    "http://[::1]:3000": "http://[::1]:3000",
  };
  for (const [typed, base] of Object.entries(spellings)) {
    it(`reads ${JSON.stringify(typed)} as ${base}`, () => {
      assert.equal(serverUrl(typed).base, base);
    });
  }

  it("tells key and host apart by the port", () => {
    assert.deepEqual(serverUrl("https://vouch.example.test:8443/"), {
      base: "https://vouch.example.test:8443",
      key: "vouch.example.test:8443",
      host: "vouch.example.test",
    });
  });

  const refused: readonly [typed: string, message: string, suggestion: string | undefined][] = [
    [
      "http://vouch.example.test",
      "http://vouch.example.test is plain http, which anyone on the network path can read.",
      "https://vouch.example.test",
    ],
    [
      "http://127.0.0.2",
      "http://127.0.0.2 is plain http, which anyone on the network path can read.",
      "https://127.0.0.2",
    ],
    [
      "https://us.vouch.sh/login",
      "https://us.vouch.sh is a server, but the address continues after it.",
      "https://us.vouch.sh",
    ],
    [
      "https://us.vouch.sh/?a=b",
      "https://us.vouch.sh is a server, but the address continues after it.",
      "https://us.vouch.sh",
    ],
    [
      "https://us.vouch.sh#x",
      "https://us.vouch.sh is a server, but the address continues after it.",
      "https://us.vouch.sh",
    ],
    [
      "us.vouch.sh",
      "The address of the Vouch server, us.vouch.sh, is not an https address.",
      "https://us.vouch.sh",
    ],
    [
      "localhost:3000",
      "The address of the Vouch server, localhost:3000, is not an https address.",
      "https://localhost:3000",
    ],
    [
      "ftp://us.vouch.sh",
      "The address of the Vouch server, ftp://us.vouch.sh, is not an https address.",
      "https://us.vouch.sh",
    ],
    ["https://x`reboot`", "The address of the Vouch server is not an https address.", undefined],
    ["https://x$(reboot)", "The address of the Vouch server is not an https address.", undefined],
    ["https://", "The address of the Vouch server, https://, is not an https address.", undefined],
    ["", "The address of the Vouch server is not an https address.", undefined],
  ];
  for (const [typed, message, suggestion] of refused) {
    it(`refuses ${JSON.stringify(typed)}`, () => {
      const hint =
        suggestion === undefined
          ? "Use an https address: `kubectl vouch login --server https://us.vouch.sh`."
          : `Use only the address of the server: \`kubectl vouch login --server ${suggestion}\`.`;
      assert.throws(() => serverUrl(typed), { code: "server-url-invalid", message, hint });
    });
  }

  it("refuses credentials, and does not repeat them", () => {
    assert.throws(() => serverUrl("https://ada:CANARY@us.vouch.sh"), {
      code: "server-url-invalid",
      message: "The address of the Vouch server must not contain a user name or password.",
      hint: "Use only the address of the server: `kubectl vouch login --server https://us.vouch.sh`.",
    });
  });
});
