import assert from "node:assert/strict";
import { answer } from "../../../doctor/browser/judge.ts";
import type { PageAnswer } from "../../../doctor/browser/messages.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { healthyBundle } from "../support/bundle.ts";
import { PASTED_AT, pageAnswer } from "../support/page-answer.ts";

const SECRET = "canaryCanary+/canaryCanary0123456789abcd";
const URL_OF_TOKEN = `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLEEXAMPLE12%2F20260115%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260115T120000Z&X-Amz-Expires=60&X-Amz-Security-Token=${encodeURIComponent(SECRET)}&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=${"c".repeat(64)}`;
const TOKEN = `k8s-aws-v1.${Buffer.from(URL_OF_TOKEN).toString("base64url")}`;
const CREDENTIAL = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1beta1",
  spec: {},
  status: { expirationTimestamp: "2026-01-15T12:14:00Z", token: TOKEN },
});

/** Random, and longer than a line of a terminal. */
const LONG = Buffer.from(
  Uint8Array.from({ length: 300 }, (_, index) => (index * 97 + 31 * (index >> 2)) % 256),
).toString("base64");
const wrapped = (text: string) => text.replaceAll(/.{80}/g, "$&\n");
const ESC = "\u001b";

/** What is broken over lines, as by tmux or a mail, and what has colors. */
const HARD: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  "a token": [`$ aws eks get-token --cluster-name lab\n${wrapped(CREDENTIAL)}\n`, TOKEN],
  "a header": [wrapped(`$ curl -H "Authorization: Bearer ${TOKEN}" https://x/api`), TOKEN],
  "a session token": [wrapped(`AWS_SESSION_TOKEN=IQoJ${LONG}`), LONG],
  "a client's key": [wrapped(`    client-key-data: ${LONG}`), LONG],
  "a colored key": [`${ESC}[32mAWS_SECRET_ACCESS_KEY${ESC}[0m=${ESC}[33m${SECRET}${ESC}[0m`, SECRET],
};

const ask = (text: string, name?: string): PageAnswer<string> =>
  answer({ id: 1, kind: "mask", now: PASTED_AT, texts: [{ name, text }] });
const masked = (text: string) => {
  const given = ask(text);
  return given.kind === "masked" ? (given.texts[0]?.text ?? "") : assert.fail(given.kind);
};

describe("the page's judge", () => {
  it("asks for what the client has that somebody names", () => {
    const text = "error: You must be logged in to the server (Unauthorized)";
    const next = (client?: string) => {
      const given = answer({
        id: 1,
        kind: "judge",
        now: PASTED_AT,
        texts: [{ text }],
        client,
        redact: false,
      });
      const report = given.kind === "judged" ? JSON.stringify(given.report) : assert.fail(given.kind);
      return [
        /"value":"([^"]*)","aria-pressed":"true"/.exec(report)?.[1],
        /What to run next.*?(argocd cluster get|kubectl config view)/.exec(report)?.[1],
      ];
    };
    assert.deepEqual(next(), ["", "kubectl config view"]);
    assert.deepEqual(next("argo cd"), ["argo cd", "argocd cluster get"]);
    assert.deepEqual(next(""), ["", "kubectl config view"]);
  });

  /** What people paste that lets somebody in. */
  const LEAKS: Readonly<Record<string, string>> = {
    "a token": `$ aws eks get-token --cluster-name lab\n${CREDENTIAL}\n`,
    "a credentials file": `[default]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = ${SECRET}\n`,
    variables: `$ env\nAWS_SECRET_ACCESS_KEY=${SECRET}\nAWS_SESSION_TOKEN=${SECRET}\n`,
    "exported keys": `{"Version":1,"AccessKeyId":"ASIAEXAMPLEEXAMPLE12","SecretAccessKey":"${SECRET}","SessionToken":"${SECRET}"}`,
    "a kubeconfig": `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: ${SECRET}\n    password: ${SECRET}\n`,
    "a log of kubectl": `I0115 12:00:00.000000 1 round_trippers.go:1] Request Headers:\n    Authorization: Bearer ${TOKEN}\n`,
    "a bundle": JSON.stringify(healthyBundle({ question: { stderr: `token=${SECRET}` } })),
    "a bundle with a mistake": JSON.stringify({ ...healthyBundle(), oops: { secretAccessKey: SECRET } }),
  };
  for (const [what, text] of Object.entries(LEAKS))
    it(`masks ${what} before anybody sees it`, () => {
      const kept = masked(text);
      for (const secret of [SECRET, TOKEN, encodeURIComponent(SECRET), "c".repeat(64)])
        assert.ok(!kept.includes(secret), kept);
    });

  for (const [what, [text, secret]] of Object.entries(HARD))
    it(`masks ${what} that is broken over lines or colored, and judges without it`, () => {
      const kept = masked(text);
      const judged = pageAnswer([{ text: kept }]);
      const all = `${kept}${JSON.stringify(judged)}`.replaceAll(/\\n|\s/g, "");
      const pieces = Array.from({ length: Math.floor(secret.length / 20) }, (_, index) =>
        secret.slice(index * 20, index * 20 + 20),
      );
      assert.deepEqual(
        pieces.filter((piece) => all.includes(piece)),
        [],
        kept,
      );
      // What the token says stands beside it then, too.
      if (what === "a token") assert.match(kept, /"TokenExplanation"/);
      else assert.equal(kept.split("\n").length, text.split("\n").length);
    });

  it("keeps what a token says, without the token", () => {
    const read = (text: string) => readPasted([{ text }], PASTED_AT).evidence;
    const text = LEAKS["a token"] ?? "";
    const kept = read(masked(text));
    assert.deepEqual(kept, read(text));
    assert.equal(
      kept.token !== undefined && "host" in kept.token && kept.token.host,
      "sts.eu-west-1.amazonaws.com",
    );
    assert.deepEqual(masked(masked(text)), masked(text));
  });

  it("says that it knows nothing of it, and where a bundle has a mistake", () => {
    const judge = (text: string) => pageAnswer([{ text }]);
    assert.match((judge("$ ls\n") as { why: string }).why, /^Nothing in it was recognized: .*\.$/);
    const mistaken = judge(JSON.stringify({ ...healthyBundle(), token: SECRET }));
    assert.equal(mistaken.kind, "refused");
    assert.match((mistaken as { why: string }).why, /token: expected/);
    assert.ok(!JSON.stringify(mistaken).includes(SECRET));
  });

  it("calls files by their names, and leaves names out where it is asked to", () => {
    const texts = [
      { text: "error: You must be logged in to the server (Unauthorized)" },
      { name: "case.json", text: JSON.stringify(healthyBundle()) },
    ];
    const plain = pageAnswer(texts);
    assert.equal(plain.kind, "judged");
    const lines = plain.kind === "judged" ? plain.taken.map(({ text, place }) => `${text} ${place}`) : [];
    assert.deepEqual(lines, ["0 line 1", "1 line 1"]);
    assert.match(JSON.stringify(plain), /111122223333/);
    assert.doesNotMatch(JSON.stringify(pageAnswer(texts, { redact: true })), /111122223333|ada@example/);
  });

  it("judges a masked paste as the paste itself: keys in a kubeconfig, an error in JSON", () => {
    const key = Buffer.from(
      `-----BEGIN EC PRIVATE KEY-----\n${"MHcCAQEE".repeat(20)}\n-----END EC PRIVATE KEY-----\n`,
    );
    const kubeconfig = `apiVersion: v1
kind: Config
current-context: lab
clusters:
- {name: lab, cluster: {server: "https://ABC.gr7.eu-west-1.eks.amazonaws.com"}}
contexts:
- {name: lab, context: {cluster: lab, user: ada}}
users:
- name: ada
  user:
    client-certificate-data: ${Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64")}
    client-key-data: ${key.toString("base64")}
`;
    const causes = (text: string) => {
      const judged = pageAnswer([{ text }]);
      return JSON.stringify(judged).match(/K13|could not be read|not well formed/g);
    };
    const paste = `$ kubectl config view --raw\n${kubeconfig}$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n`;
    assert.ok(!masked(paste).includes(key.toString("base64")));
    assert.match(masked(paste), /client-key-data: "\*\*\*"/);
    assert.deepEqual(causes(masked(paste)), causes(paste));
  });
});
