/** How a message is copied. */
export const MESSAGE_FORMS = ["plain", "slack", "jira", "github"] as const;
export type MessageForm = (typeof MESSAGE_FORMS)[number];

/**
 * A message for a chat or a ticket. It is always within a block of code, so that no name in it is read as markup or calls anybody.
 */
export function messageAs(form: MessageForm, message: string): string {
  const text = message.trimEnd();
  switch (form) {
    case "plain":
      return text;
    case "slack":
      return `\`\`\`\n${text.replaceAll("```", "'''")}\n\`\`\`\n`;
    case "jira":
      return `{noformat}\n${text.replaceAll("{noformat}", "{ noformat}")}\n{noformat}\n`;
    case "github": {
      const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
      return `EKS denies access. This is the diagnosis of [kubectl vouch doctor](https://github.com/kubectl-vouch/kubectl-vouch):

<details><summary>Cause, fix, and how to check it</summary>

${fence}text
${text}
${fence}

</details>
`;
    }
  }
}
