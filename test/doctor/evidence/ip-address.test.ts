import assert from "node:assert/strict";
import {
  isAddress,
  isInRange,
  isLoopbackHost,
  isPrivateAddress,
} from "../../../doctor/evidence/ip-address.ts";

describe("IP addresses", () => {
  for (const address of [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fd00::1",
  ]) {
    it(`takes ${address} for private`, () => {
      assert.equal(isPrivateAddress(address), true);
    });
  }

  for (const address of [
    "9.255.255.255",
    "172.15.0.1",
    "172.32.0.1",
    "203.0.113.10",
    "100.128.0.1",
    "127.0.0.1",
    "2600:1f13::1",
    "x",
  ]) {
    it(`does not take ${address} for private`, () => {
      assert.equal(isPrivateAddress(address), false);
    });
  }

  for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"]) {
    it(`takes ${host} for this machine`, () => {
      assert.equal(isLoopbackHost(host), true);
    });
  }

  for (const host of ["128.0.0.1", "localhost.example.com", "notlocalhost"]) {
    it(`does not take ${host} for this machine`, () => {
      assert.equal(isLoopbackHost(host), false);
    });
  }

  for (const [address, range, is] of [
    ["198.51.100.9", "198.51.100.0/24", true],
    ["198.51.101.9", "198.51.100.0/24", false],
    ["198.51.100.9", "0.0.0.0/0", true],
    ["198.51.100.9", "198.51.100.9/32", true],
    ["198.51.100.8", "198.51.100.9/32", false],
    ["2600:1f13:0:1::9", "2600:1f13:0:1::/64", true],
    ["2600:1f13:0:2::9", "2600:1f13:0:1::/64", false],
    ["198.51.100.9", "::/0", false],
    ["198.51.100.9", "198.51.100.0", false],
  ] as const) {
    it(`${address} is ${is ? "" : "not "}in ${range}`, () => {
      assert.equal(isInRange(address, range), is);
    });
  }

  for (const text of [
    "256.0.0.1",
    "1.2.3",
    "1:2",
    "1:2:3:4:5:6:7:8:9",
    "::1::2",
    "example.com",
    ":1:2:3:4:5:6:7",
  ]) {
    it(`${text} is no address`, () => {
      assert.equal(isAddress(text), false);
    });
  }
});
