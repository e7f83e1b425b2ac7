/** Tokens that no rule of form refuses, though they are not as a program makes them: STS refuses them, or nobody does. */
import { withParameter } from "./token-draft.ts";
import {
  dated,
  inScope,
  inText,
  inToken,
  inUrl,
  leavingOut,
  MINUTE,
  ofLength,
  onHost,
  setting,
  signed,
  spelt,
  type Way,
} from "./token-ways.ts";

/** By what only STS can find: the ways there. The stand-in for STS refuses them all. */
export const FOR_STS: Readonly<Record<string, readonly Way[]>> = {
  "13 size": [4095, 4094, 4093, 4092, 4000].map(ofLength),
  "13 date ahead": [15.5, 16, 20, 60, 600, 1440, 525_600, 52_560_000].map((minutes) =>
    dated(minutes * MINUTE),
  ),
  "13 date spelt with a fraction": [
    spelt((date) => date.replace("Z", ".5Z")),
    spelt((date) => date.replace("Z", ",5Z")),
    spelt((date) => date.replace("Z", ".000000000Z")),
    spelt((date) => date.replace("Z", ".00000000000000000001Z")),
  ],
  "13 another cluster": ["other", "LAB", "la", "läb", "labs", "", "lab\nlab", "lab\tx", "кластер"].map(
    (cluster): Way =>
      (draft) =>
        signed({ ...draft, headers: { ...draft.headers, "x-k8s-aws-id": cluster } }),
  ),
  "13 signature": [
    (draft) => signed({ ...draft, secret: "CANARY-another-secret" }),
    inUrl((url) => url.replace(/X-Amz-Signature=./, "X-Amz-Signature=g")),
    inUrl((url) => url.replace(/&X-Amz-Signature=.*/, "")),
    inUrl((url) => url.replace(/(X-Amz-Signature=).*/, "$1")),
    inUrl((url) => url.replace(/(X-Amz-Signature=.*)./, "$1")),
    inUrl((url) => `${url}00`),
    inUrl((url) => url.replace("2011-06-15", "2011-06-16")),
    inUrl((url) => url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")),
    inUrl((url) =>
      url.replace(/(X-Amz-Signature=)(.*)/, (_, name: string, hex: string) => name + hex.toUpperCase()),
    ),
  ],
  "13 scope": [
    inScope(0, "ASIANOBODY0000000001"),
    inScope(0, ""),
    inScope(1, "20200101"),
    inScope(2, "xx-elsewhere-1"),
    inScope(3, "eks"),
    inScope(4, "aws5_request"),
    setting("X-Amz-Credential", "ASIA"),
    setting("X-Amz-Credential", ""),
    setting("X-Amz-Credential", "////"),
    leavingOut("X-Amz-Credential"),
  ],
  "13 other parameters": [
    leavingOut("X-Amz-Algorithm"),
    setting("X-Amz-Algorithm", "AWS4-HMAC-SHA1"),
    leavingOut("Version"),
    setting("Version", "2010-05-08"),
    setting("Version", "\u00ff"),
    setting("X-Amz-Security-Token", "CANARY-no-session"),
    setting("X-Amz-SignedHeaders", "x-k8s-aws-id"),
    setting("X-Amz-SignedHeaders", "host;X-K8s-Aws-Id"),
    setting("X-Amz-SignedHeaders", "HOST;X-K8S-AWS-ID"),
    setting("X-Amz-SignedHeaders", "host;x-\u212a8s-aws-id;x"),
    setting("X-Amz-SignedHeaders", "host;x-\u212a8\u017f-aw\u017f-id"),
    setting("X-Amz-SignedHeaders", "host;x-absent;x-k8s-aws-id"),
    ...[
      "Action",
      "Version",
      "X-Amz-Date",
      "X-Amz-Expires",
      "X-Amz-Credential",
      "X-Amz-SignedHeaders",
    ].flatMap((name) => [
      inUrl((url) => url.replace(name, name.toLowerCase())),
      inUrl((url) => url.replace(name, name.toUpperCase())),
    ]),
    inUrl((url) => `${url}&X-Amz-Security-To\u212aen=1`.replace(/&X-Amz-Security-Token=[^&]*/, "")),
    inUrl((url) => `${url}&`),
    inUrl((url) => url.replace("?", "?&&")),
    inUrl((url) => url.replace("2011-06-15", "%ff%fe")),
    inUrl((url) => url.replace("2011-06-15", "\u00e9")),
    inUrl((url) => url.replace("2011-06-15", "'\"<>|{}")),
  ],
  "13 user info": [
    "user@",
    "user:password@",
    ":@",
    "@",
    "a%20b:c%3A@",
    "a@b@",
    "user:pass:word@",
    "~!$&'()*+,;=@",
  ].map(
    (userInfo): Way =>
      (draft) =>
        signed({ ...draft, userInfo }),
  ),
  label: ["xx-nowhere-9", "a", "made-up", "cn-foo", "1", "us-east-1x", "s3"].map((label) =>
    onHost(`sts.${label}.amazonaws.com`),
  ),
};

/** Odd, and accepted. */
export const ACCEPTED_WAYS: readonly Way[] = [
  ...["0", "1", "900", "+60", "+0", "-0", "00060", "0".repeat(40)].map((seconds) =>
    setting("X-Amz-Expires", seconds),
  ),
  ...[-14, -10, -1, 1, 4, 6, 10, 14].map((minutes) => dated(minutes * MINUTE)),
  ...["\n", "\r\n", "\r", "\n\n\n"].map((line) => inToken((token) => token + line)),
  inText((text) => `\n${text}`),
  inText((text) => text.replaceAll(/.{76}/g, "$&\r\n")),
  inUrl((url) => url.replace("https", "HTTPS")),
  inUrl((url) => url.replace("https", "hTtPs")),
  ...["#", "#fragment", "#?Action=AssumeRole", "#%41", "#\n", "#é", "# x", "#/?#"].map((end) =>
    inUrl((url) => url + end),
  ),
  inUrl((url) => url.replaceAll("%2F", "%2f").replaceAll("%3B", "%3b")),
  inUrl((url) => url.replaceAll("%2F", "/")),
  inUrl((url) => url.replace("GetCallerIdentity", "%47etCallerIdentity")),
  inUrl((url) => url.replace("X-Amz-Date", "X%2DAmz%2DDate")),
  inUrl((url) => url.replace("Action", "%41ction")),
  inUrl((url) => url.replace("2011-06-15", "2011%2D06%2D15")),
  inUrl((url) =>
    url.replace(/(\?)(.*)/, (_, mark: string, query: string) => mark + query.split("&").reverse().join("&")),
  ),
  inUrl((url) => url.replace(/(\?)([^&]*)&([^&]*)/, "$1$3&$2")),
  (draft) =>
    signed({
      ...withParameter(draft, "X-Amz-SignedHeaders", "accept;host;x-k8s-aws-id"),
      headers: { ...draft.headers, accept: "application/json" },
    }),
  (draft) =>
    signed({
      ...withParameter(draft, "X-Amz-SignedHeaders", "accept-encoding;host;user-agent;x-k8s-aws-id"),
      headers: { ...draft.headers, "accept-encoding": "gzip", "user-agent": "Go-http-client/1.1" },
    }),
  (draft) => {
    const { "x-k8s-aws-id": cluster = "" } = draft.headers;
    return signed({ ...draft, headers: { ...draft.headers, "x-k8s-aws-id": `  ${cluster} ` } });
  },
];
