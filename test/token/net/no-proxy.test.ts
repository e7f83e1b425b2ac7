import assert from "node:assert/strict";
import { bypassesProxy } from "../../../token/net/no-proxy.ts";

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
      assert.equal(bypassesProxy(new URL(target), noProxy), bypassed);
    });
  }
});
