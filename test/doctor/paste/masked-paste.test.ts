import assert from "node:assert/strict";
import { maskedPaste } from "../../../doctor/paste/masked-paste.ts";
import { PASTED_AT, pageAnswer } from "../support/page-answer.ts";

const SESSION = `IQoJ${"Zm9vYmFyL2Jhei9xdXV4".repeat(20)}FRQFLGS2dGFpbA==`;
const wrapped = (text: string) => text.replaceAll(/.{80}/g, "$&\n");
const REFUSED = "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n";
const TYPED = `${REFUSED}$ env\nAWS_PROFILE=dev\n${wrapped(`AWS_SESSION_TOKEN=${SESSION}`)}\nHOME=/home/ada\n`;

const query = new URLSearchParams({
  Action: "GetCallerIdentity",
  "X-Amz-Date": "20260115T120000Z",
  "X-Amz-Signature": "c".repeat(64),
});
const TOKEN = `k8s-aws-v1.${Buffer.from(`https://sts.eu-west-1.amazonaws.com/?${query}`).toString("base64url")}`;
const CREDENTIAL = {
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1beta1",
  spec: {},
  status: { token: TOKEN },
};

describe("a pasted text that is masked whole", () => {
  it("brings no piece of a wrapped token into what the page saves, though it was typed", () => {
    assert.match(TYPED, /^\w*FRQFLGS2dGFpbA==$/m);
    const judged = pageAnswer([{ text: TYPED }]);
    assert.equal(judged.kind, "judged");
    assert.doesNotMatch(JSON.stringify(judged), /FRQFLGS2|Zm9vYmFy/);
  });

  for (const [form, written] of Object.entries({
    "one line": JSON.stringify(CREDENTIAL),
    "several lines": JSON.stringify(CREDENTIAL, null, 2),
  }))
    it(`knows the lines of the text of which it is one: a token in ${form}`, () => {
      const text = `$ aws eks get-token --cluster-name lab\n${written}\n${REFUSED}`;
      const { text: kept, lineOf } = maskedPaste(text, PASTED_AT);
      assert.ok(!kept.includes(TOKEN));
      const given = text.split("\n");
      const last = given.indexOf(REFUSED.split("\n")[1] ?? "") + 1;
      const places = kept.split("\n").map((_, index) => lineOf(index + 1));
      assert.deepEqual([places[0], places.at(-2)], [1, last]);
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      );
      for (const [index, line] of kept.split("\n").entries())
        if (line === REFUSED.split("\n")[0]) assert.equal(given[lineOf(index + 1) - 1], line);
      assert.equal(kept.split("\n").at(-2), given[last - 1]);
    });
});
