/** How pages look. Nothing depends on it: without it, the text is the same. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8b949e; --red: #b3261e; --amber: #805600; --green: #1a7f37; --tint: #f3f4f6; --text: #1f2328; --page: #ffffff; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --line: #8b949e; --red: #ff8a80; --amber: #e3b341; --green: #56d364; --tint: #1c2128; --text: #e6edf3; --page: #0d1117; --link: #79b8ff; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 1rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.25rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0 .5rem; }
a { color: var(--link); }
code, pre, textarea { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .9rem; }
pre { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--tint); overflow-x: auto; white-space: pre; overflow-wrap: normal; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
section, details { margin: 1rem 0; }
.cause { padding: .25rem 1rem .5rem; border: 2px solid var(--red); border-radius: .4rem; }
.cause .code, .looked { font-size: .9rem; }
.picture { display: block; max-width: 100%; height: auto; margin: .5rem 0; }
.links { padding-left: 1.75rem; }
.sign { display: inline-block; width: 1.1em; text-align: center; font-weight: bold; }
.broken .sign, .refusing .sign { color: var(--red); }
.perhaps .sign { color: var(--amber); }
.proved .sign { color: var(--green); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dd { margin: 0; }
summary { cursor: pointer; }
table { border-collapse: collapse; width: 100%; }
th[scope=col] { white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
textarea { width: 100%; min-height: 16rem; padding: .6rem; color: inherit; background: var(--tint); border: 1px solid var(--line); border-radius: .3rem; }
button { font: inherit; padding: .45rem 1rem; color: var(--page); background: var(--link); border: 0; border-radius: .3rem; cursor: pointer; }
button.second { color: var(--link); background: transparent; border: 1px solid var(--link); }
input[type=file] { font: inherit; max-width: 100%; }
.ask > label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: .75rem 0; }
.choice { display: flex; gap: .5rem; align-items: baseline; }
.dropping textarea { outline: 3px dashed var(--link); }
@media (max-width: 40rem) { .picture { display: none; } dl { grid-template-columns: 1fr; } dd { margin: 0 0 .5rem 1rem; } table, tbody, tr, tbody th, td { display: block; } thead { display: none; } tr { border-bottom: 1px solid var(--line); } tbody th, td { padding: .1rem 0; border: 0; } }
@media print { .ask, .actions { display: none; } pre { white-space: pre-wrap; overflow-wrap: anywhere; } section, .cause, .fix { break-inside: avoid; } }
`;
