/** How a message is copied. */
export const MESSAGE_FORMS = ["plain", "slack", "jira", "github"] as const;

const FENCE = "```";

/**
 * A message for a chat or a ticket. It is always within a block of code, so that no name in it is read as markup or calls anybody.
 */
export function messageAs(form: (typeof MESSAGE_FORMS)[number], message: string): string {
  const text = message.trimEnd();
  switch (form) {
    case "plain":
      return text;
    case "slack":
      return [FENCE, text.replaceAll(FENCE, "'''"), FENCE, ""].join("\n");
    case "jira":
      return ["{noformat}", text.replaceAll("{noformat}", "{ noformat}"), "{noformat}", ""].join("\n");
    case "github": {
      const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
      const fence = "`".repeat(longest + 1);
      return [...GITHUB_BEGIN, `${fence}text`, text, fence, "", "</details>", ""].join("\n");
    }
  }
}

const GITHUB_BEGIN = [
  "EKS denies access. This is the diagnosis of [kubectl vouch doctor](https://github.com/kubectl-vouch/kubectl-vouch):",
  "",
  "<details><summary>Cause, fix, and how to check it</summary>",
  "",
];
