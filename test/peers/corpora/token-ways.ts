/** Ways to change a good token: before it is signed, in its URL, or in its text. */
import { formatAmzDate } from "../../lab/aws/sigv4/amz-date.ts";
import { tokenOf } from "../../lab-tests/kube/support/presigned-token.ts";
import {
  forHost,
  parameterOf,
  type TokenDraft,
  urlOf,
  withoutParameter,
  withParameter,
} from "./token-draft.ts";

/** Makes the bad token of a draft that is good now, in milliseconds since 1970. */
export type Way = (draft: TokenDraft, now: number) => string;

export const MINUTE = 60_000;
export const PREFIX = "k8s-aws-v1.";

export const signed = (draft: TokenDraft) => tokenOf(urlOf(draft));

/** Changes the text of the URL after it was signed. */
export const inUrl =
  (change: (url: string) => string): Way =>
  (draft) =>
    tokenOf(change(urlOf(draft)));

/** Changes the token's text. */
export const inToken =
  (change: (token: string) => string): Way =>
  (draft) =>
    change(signed(draft));

export const inText =
  (change: (encoded: string) => string): Way =>
  (draft) =>
    PREFIX + change(signed(draft).slice(PREFIX.length));

export const setting =
  (name: string, value: string): Way =>
  (draft) =>
    signed(withParameter(draft, name, value));

export const leavingOut =
  (name: string): Way =>
  (draft) =>
    signed(withoutParameter(draft, name));

export const onHost =
  (host: string | ((host: string) => string)): Way =>
  (draft) =>
    signed(forHost(draft, typeof host === "string" ? host : host(draft.host)));

export const dated =
  (awayMs: number): Way =>
  (draft, now) =>
    signed(redated(draft, formatAmzDate(now + awayMs)));

export function redated(draft: TokenDraft, date: string): TokenDraft {
  const [key, , ...scope] = parameterOf(draft, "X-Amz-Credential").split("/");
  const credential = [key, date.slice(0, 8), ...scope].join("/");
  return withParameter(withParameter(draft, "X-Amz-Date", date), "X-Amz-Credential", credential);
}

/** A date in another spelling, made of the good one. */
export const spelt =
  (spelling: (date: string) => string): Way =>
  (draft) =>
    signed(withParameter(draft, "X-Amz-Date", spelling(parameterOf(draft, "X-Amz-Date"))));

export const inScope =
  (part: number, value: string): Way =>
  (draft) => {
    const scope = parameterOf(draft, "X-Amz-Credential").split("/").with(part, value);
    return signed(withParameter(draft, "X-Amz-Credential", scope.join("/")));
  };

/** A session token that makes the whole so many bytes long, or as good as: base64 has no length of 4n + 1. */
export const ofLength =
  (bytes: number): Way =>
  (draft) => {
    const bare = urlOf(withParameter(draft, "X-Amz-Security-Token", "")).length;
    const urlLength = Math.floor(((bytes - PREFIX.length) * 3) / 4);
    return signed(withParameter(draft, "X-Amz-Security-Token", "t".repeat(Math.max(1, urlLength - bare))));
  };

export const cut = (text: string, lengthModulo4: number) =>
  text.slice(0, text.length - ((text.length - lengthModulo4 + 4) % 4));
