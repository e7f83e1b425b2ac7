import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { makeLabCa } from "../../lab/tls.ts";

describe("the maker of the lab's security keys", () => {
  // Source: WebAuthn Level 2, 8.2.1.
  it("has a certificate as servers demand it of an attestation", async () => {
    const makers = await makeLabCa("security key makers");
    const certificate = new X509Certificate((await makers.issueKeyMaker()).cert);
    const subject = Object.fromEntries(certificate.subject.split("\n").map((line) => line.split("=", 2)));
    assert.match(subject.C, /^[A-Z]{2}$/);
    assert.ok(subject.O && subject.CN);
    assert.equal(subject.OU, "Authenticator Attestation");
    assert.equal(certificate.ca, false);
    assert.ok(certificate.checkIssued(new X509Certificate(makers.cert)));
  });
});
