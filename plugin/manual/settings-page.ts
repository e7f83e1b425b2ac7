import { markdownTable } from "../../doctor/reference/markdown-table.ts";
import { SETTING_NAMES, settingKey } from "../../token/settings/setting-keys.ts";

/** The text of SETTINGS.md. */
export function settingsPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { default: usual, stronger, form, meaning } = settingKey(name);
    return [
      `\`${name}\``,
      meaning,
      form,
      usual,
      stronger === undefined ? "" : `\`${stronger.replaceAll(", ", "`, `")}\``,
    ];
  });
  return `# Settings

Written by \`npm run codes\`; do not edit.

${markdownTable(["setting", "meaning", "value", "default", "overridden by"], rows)}

They are in \`~/.config/kubectl-vouch/config.yaml\`, one per line (\`cache: off\`); \`XDG_CONFIG_HOME\` moves the directory. Settings
missing there are read from \`/etc/kubectl-vouch/config.yaml\`, if it is writable only by root.

- \`kubectl vouch config set NAME VALUE\` and \`config unset NAME\` change only that line. Settings that login and setup record
  take effect at the next login or setup, all others at once. If you edit the file yourself, \`cache\` and \`requireClusterInfo\`
  apply to cached tokens, and \`server\` and \`account\` to \`status --prompt\`, only from the next login or setup on.
- \`kubectl vouch config list\` shows all settings with their values; \`config view --show-origin\` shows the effective values and the
  flag, variable or file that each comes from.
- When kubectl runs the plugin, none of them redirects a secret: hosts and CAs are [recorded](../token/SECURITY.md#where-a-token-may-be-sent)
  by login and setup.
`;
}
