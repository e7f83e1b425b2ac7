import assert from "node:assert/strict";
import type { Env } from "../../../token/env.ts";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";

const TARGET = new URL("https://vouch.example.com");

describe("HTTPS_PROXY", () => {
  const chosen: readonly [env: Env, proxy: string | undefined][] = [
    [{}, undefined],
    [{ HTTPS_PROXY: "" }, undefined],
    [{ HTTP_PROXY: "http://proxy:1" }, undefined],
    [{ HTTPS_PROXY: "http://proxy:1" }, "http://proxy:1/"],
    [{ HTTPS_PROXY: "https://proxy:1" }, "https://proxy:1/"],
    [{ HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128/"],
    [{ https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1" }, "http://lower:1/"],
    [{ ALL_PROXY: "http://all:1" }, "http://all:1/"],
    [{ ALL_PROXY: "http://all:1", HTTPS_PROXY: "http://one:1" }, "http://one:1/"],
    [{ HTTPS_PROXY: "http://proxy:1", NO_PROXY: "example.com" }, undefined],
    [{ HTTPS_PROXY: "http://proxy:1", no_proxy: "other.com", NO_PROXY: "example.com" }, "http://proxy:1/"],
  ];
  for (const [env, proxy] of chosen) {
    it(`with ${JSON.stringify(env)} leads through ${proxy ?? "nothing"}`, () => {
      assert.equal(chosenProxy(TARGET, env)?.url.href, proxy);
    });
  }

  it("is not asked for plain http", () => {
    assert.equal(
      chosenProxy(new URL("http://vouch.example.com"), { ALL_PROXY: "http://proxy:1" }),
      undefined,
    );
  });

  for (const value of ["socks5://ada:CANARY@proxy:1", "http://ada:CANARY@"]) {
    it(`refuses ${value} without repeating its password`, () => {
      assert.throws(
        () => chosenProxy(TARGET, { HTTPS_PROXY: value }),
        (error: Error & { code: string }) => {
          assert.equal(error.code, "config-invalid");
          assert.match(error.message, /^HTTPS_PROXY /);
          assert.doesNotMatch(error.message, /CANARY/);
          return true;
        },
      );
    });
  }
});

// The cases of domains, ranges and ports follow the documentation of golang.org/x/net/http/httpproxy, Config.NoProxy.
const CASES: readonly [target: string, noProxy: string, bypassed: boolean][] = [
  ["https://vouch.example.com", "", false],
  ["https://vouch.example.com", "*", true],
  ["https://vouch.example.com", "vouch.example.com", true],
  ["https://VOUCH.example.com", "vouch.EXAMPLE.com", true],
  ["https://vouch.example.com", "example.com", true],
  ["https://example.com", "example.com", true],
  ["https://notexample.com", "example.com", false],
  ["https://vouch.example.com", ".example.com", true],
  ["https://example.com", ".example.com", false],
  ["https://vouch.example.com", "*.example.com", true],
  ["https://example.com", "*.example.com", false],
  ["https://vouch.example.com", "other.org, example.com", true],
  ["https://vouch.example.com", "other.org example.com", true],
  ["https://vouch.example.com", ",,", false],
  ["https://vouch.example.com", "example.com:443", true],
  ["https://vouch.example.com", "example.com:8443", false],
  ["https://vouch.example.com:8443", "example.com:8443", true],
  ["https://10.1.2.3", "10.1.2.3", true],
  ["https://10.1.2.3", "10.0.0.0/8", true],
  ["https://11.1.2.3", "10.0.0.0/8", false],
  ["https://10.1.2.3", "10.0.0.0/99", false],
  ["https://10.1.2.3", "10.0.0.0/", false],
  ["https://vouch.example.com", "10.0.0.0/8", false],
  ["https://10.1.2.3", "3", false],
  ["https://[2001:db8::7]", "2001:db8::/32", true],
  ["https://[2001:db8::7]", "2001:db8::7", true],
  ["https://[2001:db8::7]:8443", "[2001:db8::7]:8443", true],
  ["https://[2001:db8::7]", "[2001:db8::7]:8443", false],
  ["https://localhost", "", true],
  ["https://lab.localhost", "", true],
  ["https://127.3.2.1", "", true],
  ["https://[::1]", "", true],
];

describe("NO_PROXY", () => {
  for (const [target, noProxy, bypassed] of CASES) {
    it(`${bypassed ? "exempts" : "does not exempt"} ${target} with "${noProxy}"`, () => {
      const proxy = chosenProxy(new URL(target), { HTTPS_PROXY: "http://proxy:1", NO_PROXY: noProxy });
      assert.equal(proxy === undefined, bypassed);
    });
  }
});
