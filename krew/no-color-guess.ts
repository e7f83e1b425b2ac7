/**
 * Replaces chalk's detection of colors in what is shipped: none. We decide for each stream whether to use colors
 * (plugin/terminal/style.ts), and the detection loads `node:tty`, and with it half of Node's network code, before any command.
 */
export default { stdout: false, stderr: false };
