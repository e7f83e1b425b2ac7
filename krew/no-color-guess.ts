/**
 * What chalk gets for its own guess at colors in what is shipped: none. We say for each stream whether we want them
 * (plugin/terminal/style.ts), and to guess it loads `node:tty`, and with that half of Node's network, before any command.
 */
export default { stdout: false, stderr: false };
