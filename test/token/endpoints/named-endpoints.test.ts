import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { isSameEndpoints } from "../../../token/endpoints/endpoints.ts";
import { namedEndpoints, readEndpoints } from "../../../token/endpoints/named-endpoints.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("namedEndpoints", () => {
  const folder = tempFolder();
  const named = (env: Record<string, string>, config = {}) =>
    namedEndpoints({ env, config, fileOf: () => "/home/ada/.config/kubectl-vouch/config.yaml" });
  const bundle = async (name: string) => {
    const file = path.join(folder(), name);
    fs.writeFileSync(file, (await makeLabCa()).cert);
    return file;
  };

  it("are none when nobody names any", () => assert.deepEqual(named({}), {}));

  it("are those of the environment before those of the settings", async () => {
    const [one, two] = [await bundle("one.pem"), await bundle("two.pem")];
    const env = { AWS_ENDPOINT_URL_STS: "https://sts.example.com", VOUCH_CA_BUNDLE: one };
    const config = {
      stsEndpoint: "https://other.example.com",
      iamEndpoint: "http://localhost:1",
      awsCaBundle: two,
    };
    assert.deepEqual(named(env, config), {
      vouchCaBundle: one,
      awsCaBundle: two,
      stsEndpoint: "https://sts.example.com/",
      iamEndpoint: "http://localhost:1/",
    });
  });

  it("name a bundle by its absolute path", async () => {
    const file = await bundle("ca.pem");
    assert.equal(named({ VOUCH_CA_BUNDLE: path.relative(process.cwd(), file) }).vouchCaBundle, file);
  });

  for (const value of [
    "http://sts.example.com",
    "http://127.0.0.2",
    "ftp://localhost",
    "localhost:4566",
    "nonsense",
    "https://",
    "https://ada:pw@sts.example.com",
  ])
    onPosix("shell", `refuse ${value}`, () => {
      assert.throws(
        () => named({ AWS_ENDPOINT_URL_STS: value }),
        (error: Error & { hint?: string }) => {
          assert.equal(error.hint, "Run `unset AWS_ENDPOINT_URL_STS` and try again.");
          assert.doesNotMatch(error.message, /pw/);
          return true;
        },
      );
      assert.throws(() => named({}, { stsEndpoint: value }), { code: "config-invalid" });
    });

  it("take an address of this machine for the services that get bearer tokens", () => {
    const one = "http://localhost:1/";
    assert.deepEqual(named({ AWS_ENDPOINT_URL: one }), {
      ...{ stsEndpoint: one, eksEndpoint: one, iamEndpoint: one },
      ...{ ssoEndpoint: one, ssoOidcEndpoint: one, signinEndpoint: one },
    });
  });

  it("are AWS's own for those services when all of AWS is elsewhere", () => {
    const one = "https://aws.example.com/";
    const { ssoOidcEndpoint, ...others } = named({
      AWS_ENDPOINT_URL: one,
      AWS_ENDPOINT_URL_SSO_OIDC: "https://127.0.0.1:2",
    });
    assert.equal(ssoOidcEndpoint, "https://127.0.0.1:2/");
    assert.deepEqual(others, { stsEndpoint: one, eksEndpoint: one, iamEndpoint: one });
  });

  for (const name of ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN"])
    for (const value of [
      "https://aws.example.com",
      "https://oidc.eu-west-1.amazonaws.com",
      "https://10.0.0.1",
    ])
      it(`refuse ${value} for ${name}`, () => {
        assert.throws(() => named({ [name]: value }), {
          code: "config-invalid",
          message: `${name} is "${value}"; bearer tokens are sent only to AWS hosts or to this machine.`,
        });
      });

  it("refuse a bundle that cannot be used", () => {
    assert.throws(() => named({ AWS_CA_BUNDLE: "/nowhere/ca.pem" }), { code: "config-invalid" });
  });
});

describe("readEndpoints", () => {
  it("leaves out what no login records", () => {
    const good = { vouchCaBundle: "/ca.pem", stsEndpoint: "https://sts.example.com/" };
    const strange = {
      awsCaBundle: "ca.pem",
      eksEndpoint: "http://eks.example.com/",
      iamEndpoint: 1,
      ssoEndpoint: "https://sts.example.com/",
      other: "x",
    };
    assert.deepEqual(readEndpoints({ ...good, ...strange }), good);
    for (const nothing of [undefined, null, "x", []]) assert.deepEqual(readEndpoints(nothing), {});
  });

  it("is the same only when all of it is", () => {
    assert.ok(isSameEndpoints({}, {}));
    assert.equal(isSameEndpoints({ awsCaBundle: "/a" }, { vouchCaBundle: "/a" }), false);
  });
});
