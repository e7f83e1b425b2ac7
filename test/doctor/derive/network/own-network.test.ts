import assert from "node:assert/strict";
import { ownAddresses } from "../../../../doctor/derive/network/own-network.ts";

function addresses(...localAddresses: readonly string[]) {
  return ownAddresses({ network: { host: "x", port: 443, localAddresses } });
}

describe("ownAddresses", () => {
  it("are those that other machines may see, as `ip address` writes them too", () => {
    assert.deepEqual(addresses(" 10.0.0.5/24", "2001:db8::5/64", "192.168.1.7"), [
      "10.0.0.5",
      "2001:db8::5",
      "192.168.1.7",
    ]);
  });

  it("are not known without any", () => {
    assert.equal(addresses(), undefined);
    assert.equal(addresses("127.0.0.1/8", "::1", "169.254.3.4", "fe80::1%eth0", "eth0", ""), undefined);
    assert.equal(addresses(...Array.from({ length: 65 }, (_, index) => `10.0.0.${index}`)), undefined);
    assert.equal(ownAddresses({}), undefined);
    assert.equal(ownAddresses({ network: { failed: "not asked" } }), undefined);
    assert.equal(ownAddresses({ network: { host: "x", port: 443 } }), undefined);
  });
});
