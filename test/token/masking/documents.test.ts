import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { maskJson } from "../../../token/masking/mask-arguments.ts";
import { maskText } from "../../../token/masking/mask-text.ts";

const WEB_TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ";
const SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFakeFakeFake\n-----END EC PRIVATE KEY-----\n";
const KEY_DATA = Buffer.from(PEM).toString("base64");

/** Words of strings, with a secret among them or none; `%` is one. */
const SAYINGS = [
  "could not get token: AccessDenied",
  "could not get token: % of ada",
  "Cookie: session=%; path=/",
  "rotate password: %",
  "password='%",
  "kubelogin --token %",
  'kubelogin "--token %" -v',
  'export GITHUB_TOKEN="%"; x',
  "https://ada:%@proxy.example.com",
  "token:%",
  '{"token": "%", "code": 401}',
  '{"token": 401, "code": 401}',
  "error: % is not for you",
  "ENV DB_PASSWORD %",
  'setx DB_PASSWORD %"',
  PEM,
  "it's all, and 5\" of it",
  "",
] as const;
const SECRETS = [WEB_TOKEN, SECRET_KEY, KEY_DATA, "ghp_0123456789abcdefABCDEF0123456789abcd"];

const sayings = fc
  .tuple(fc.constantFrom(...SAYINGS), fc.constantFrom(...SECRETS))
  .map(([saying, secret]) => saying.replace("%", secret));
const names = fc.constantFrom("message", "note", "code", "value", "tags", "name", "a b", "role:x");
const documents = fc.dictionary(
  names,
  fc.oneof(sayings, fc.array(sayings), fc.integer(), fc.dictionary(names, sayings)),
);

/** The same value with each text replaced: what is left is its form. */
function form(value: unknown): unknown {
  if (typeof value === "string") return "";
  if (Array.isArray(value)) return value.map(form);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, form(item)]));
}

function assertHidden(masked: string): void {
  for (const secret of SECRETS) assert.ok(!masked.includes(secret), masked);
}

describe("a document whose text is masked", () => {
  it("stays JSON of the same form, in one line, indented, and as a string of JSON", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(undefined, 2), (document, indent) => {
        const masked = maskText(JSON.stringify(document, undefined, indent));
        assert.deepEqual(form(JSON.parse(masked)), form(document), masked);
        assertHidden(masked);
        const twice = maskText(JSON.stringify(JSON.stringify(document)));
        assert.equal(typeof JSON.parse(twice), "string");
      }),
    );
  });

  const sentences: readonly (readonly [text: string, masked: string])[] = [
    [
      '{"message":"could not get token: AccessDenied","code":401}',
      '{"message":"could not get token: AccessDenied","code":401}',
    ],
    [`{"error":"invalid token: ${SECRET_KEY}","b":"c"}`, '{"error":"invalid token: ***","b":"c"}'],
    ['{"a":"Cookie: x=y","b":"c"}', '{"a":"Cookie: ***","b":"c"}'],
    ['{"a":"password=\'x","b":"c"}', '{"a":"password=\'***","b":"c"}'],
    ['{"a":"x \\"--token abc\\" y"}', '{"a":"x \\"--token ***\\" y"}'],
  ];
  for (const [text, masked] of sentences)
    it(`is ${masked} of ${text}`, () => {
      assert.equal(maskText(text), masked);
      JSON.parse(masked);
    });

  it("is JSON where a number is a secret", () => {
    assert.equal(maskText('{"token":401,"password": 402}'), '{"token":"***","password": "***"}');
  });

  const scalars = [
    ["- --access-token\n- %\n- b", "- --access-token\n- ***\n- b"],
    ["client-key-data: %", "client-key-data: ***"],
    ["token: % # of ada", "token: ***"],
    ["env:\n- name: A\n  value: %", "env:\n- name: A\n  value: ***"],
    ["- %\n- b", "- ***\n- b"],
    ["- - %\n  - b", "- - ***\n  - b"],
    ["{a: %, b: c}", "{a: ***, b: c}"],
    ["args: [a, %, b]", "args: [a, ***, b]"],
    ["note: % of ada", "note: *** of ada"],
    ["token:\n  %\n\nb: c", "token: ***\nb: c"],
    ["client-key-data:\n  %\n  and more\nb: c", "client-key-data: *** ***\nb: c"],
    ["a: '%'", "a: ***"],
    ['a: "%"', "a: ***"],
    ["a: !!str %", "a: ***"],
  ] as const;
  for (const [text, expected] of scalars)
    it(`stays YAML: ${JSON.stringify(text)}`, () => {
      for (const secret of SECRETS) {
        const masked = maskText(text.replace("%", secret));
        assertHidden(masked);
        const shown = parse(expected.replaceAll("***", "MASK"));
        assert.deepEqual(JSON.parse(JSON.stringify(parse(masked)).replaceAll("***", "MASK")), shown, masked);
        assert.equal(maskText(masked), masked);
      }
    });

  it("stays YAML where base64 is one value over lines", () => {
    const lines = Buffer.from(PEM.repeat(2)).toString("base64").replaceAll(/.{64}/g, "$&\n  ");
    const masked = maskText(`data:\n  ${lines}\nb: c\n`);
    assert.equal((parse(masked) as { b: string }).b, "c", masked);
  });
});

describe("names of Kubernetes, IAM and OpenID, which no secret follows", () => {
  const kept = [
    "system:serviceaccount:external-secrets:external-secrets",
    "system:serviceaccount:vault-auth:x",
    "system:serviceaccount:token-broker:my-token:x",
    "vault-auth:reviewer",
    "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db",
    "secretsmanager:GetSecretValue",
    '{"Action": ["sts:GetSessionToken", "secretsmanager:*"]}',
    '{"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}',
    '{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}',
    '{"DateLessThan": {"aws:TokenIssueTime": "2026-11-28T10:00:00Z"}}',
    '{"oidc-token:sub": "x"}',
    "token.actions.githubusercontent.com: reachable",
    "invalid token: expired",
    "error: could not get token: AccessDenied",
    "refresh token: Unauthorized",
    "oidc: verify token: expired.",
    'failed to get secret: NotFound, "x"',
  ];
  for (const text of kept)
    it(`stay in ${text}`, () => {
      assert.equal(maskText(text), text);
      if (text.startsWith("{")) assert.deepEqual(maskJson(JSON.parse(text)), JSON.parse(text));
    });

  const hidden: readonly (readonly [text: string, masked: string])[] = [
    ["token:abc123", "token:***"],
    ["ERROR:root:password=hunter2", "ERROR:root:password=***"],
    ["WARNING:root:token: abc123", 'WARNING:root:token: "***"'],
    ["invalid token: abc123", 'invalid token: "***"'],
    ["wrong password: swordfish", 'wrong password: "***"'],
    ["token: expired", 'token: "***"'],
    ["{a: b, token: expired}", '{a: b, token: "***"}'],
    ["//registry.npmjs.org/:_authToken=abc", "//registry.npmjs.org/:_authToken=***"],
  ];
  for (const [text, masked] of hidden)
    it(`are not in ${text}`, () => {
      assert.equal(maskText(text), masked);
    });
});
