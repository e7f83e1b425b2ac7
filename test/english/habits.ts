/**
 * Words by which a text of ours sounds translated, and what English-speaking users of EKS expect instead. A text in which such a word is right has an entry in EXCEPTIONS.
 */
export const HABITS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(?:give|gives|gave|given|giving)\b/i, "return, print, grant, issue, specify"],
  [/\b(?:nobody|somebody|anybody|everybody|whoever|whom)\b/i, "no one, user, caller, anyone"],
  [/, and (?:not|none|neither|nothing|no)\b/i, ", but …"],
  [/\b(?:has|have|had|holds?|shows?|printed) (?:no|none)\b/i, "does not have, did not print"],
  [/\b(?:is|are|was|were|be) (?:no (?!longer)|none\b)/i, "is not a …"],
  [/(?<!-)\bnames? (?:a|an|the|no|it|this|one|…) /i, "specifies, refers to (name, as a verb)"],
  [/\bsays?\b|\bsaid\b/i, "reports, returns, prints"],
  [/\bmay\b(?! (?:be|have)\b)/i, "can, is allowed to"],
  [
    /\btakes?\b(?! (?:effect|place|precedence|long|up|over|a (?:while|moment|few)|some|\d|…|about|up to))/i,
    "accepts, uses, must be",
  ],
  [/\blets?\b/i, "allows, denies"],
  [/\brights\b/i, "permissions"],
  [/[;,(] ?else\b/, "(default: …), otherwise"],
  [/\bof (?:ours|yours|its own|their own|his own|her own)\b/i, "our, your, separate"],
  [/\bbeside\b/i, "next to, besides, with"],
  [/\b(?:is|are|was|were|be|not) asked\b|\basks? (?:EKS|AWS|IAM|STS|the)\b/i, "queried, contacted"],
  [/\bname servers?\b/i, "DNS server"],
  [/\b(?:people|person|persons|people's)\b/i, "user, users"],
  [/\b(?:took|taken|takes?) back\b|\btake it back\b/i, "undo, undid"],
  [/\bthen the command again\b|\bsays so\b|\bfor want of\b|\bglued\b/i, "and try again; …"],
  [
    /\b\w+(?:nis|ris|lis|gnis|horis)(?:e|ed|es|ing|ation)\b(?<!(?:prom|adv|superv|prem|rev|comprom|exerc|expert|otherw|likew|ra|pra|no|wise)\w*)|\b(?:colou?rs?(?<=colour|colours)|behaviou?r(?<=behaviour)|licences?|cancelled|cancelling|labelled|misspelt|learnt|whilst|favour)\b/i,
    "American spelling",
  ],
];

/** Texts in which such a word is right, each by a part of it, with the reason. */
export const EXCEPTIONS: readonly (readonly [part: string, reason: string])[] = [
  [":root { color-scheme", "a stylesheet"],
  ["assume role with web identity but has no role ARN", "an error of the AWS CLI"],
  ["cluster has no server defined", "an error of kubectl"],
  ["colour, no-colour", "a spelling that users type"],
  ["#where-a-token-may-be-sent", "an anchor of token/SECURITY.md"],
  ["# bash completion for kubectl-vouch", "a keyword of bash"],
  ["Permission is hereby granted, free of charge", "the MIT license"],
];
