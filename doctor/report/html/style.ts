/** How pages look. Nothing depends on it: without it, the text is the same. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --edge: #848d97; --tint: #f6f8fa; --link: #0550ae; --red: #b3261e; --red-tint: #fff1ef; --amber: #7d5200; --amber-edge: #c78a00; --amber-tint: #fff8e6; --green: #18692f; --green-tint: #eefbf1; --code: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --muted: #9aa4af; --line: #30363d; --edge: #8b949e; --tint: #161b22; --link: #79b8ff; --red: #ff8a80; --red-tint: #2a1517; --amber: #e3b341; --amber-edge: #bb8009; --amber-tint: #272010; --green: #56d364; --green-tint: #12261a; --code: #161b22; } }
@media (prefers-contrast: more) { :root { --muted: var(--text); --line: var(--text); --edge: var(--text); } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
.top { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; padding: .45rem 1.25rem; border-bottom: 1px solid var(--line); font-size: .875rem; color: var(--muted); }
.top strong { font-size: 1.0625rem; color: var(--text); }
.top .end { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin-left: auto; }
.pill { padding: .05rem .6rem; border: 1px solid var(--green); border-radius: 99px; font-size: .8125rem; color: var(--green); background: var(--green-tint); }
.choice { white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
main { max-width: 84rem; margin: 0 auto; padding: 1rem 1.25rem 2rem; }
h1 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -.01em; margin: .1rem 0 .4rem; }
h2 { font-size: 1.0625rem; line-height: 1.35; margin: 0 0 .4rem; }
h3 { font-size: 1rem; margin: .9rem 0 .25rem; }
p { margin: .25rem 0 .5rem; }
ul, ol { margin: .25rem 0 .5rem; padding-left: 1.4rem; }
a { color: var(--link); }
.small, .sure, .tried, .hint { font-size: .875rem; color: var(--muted); }
.code { font-size: .8125rem; color: var(--muted); }
code, pre, textarea { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .84rem; }
pre { margin: .4rem 0; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--code); white-space: pre-wrap; }
pre code { display: block; padding-left: 2ch; text-indent: -2ch; }
pre .option { display: inline-block; max-width: 100%; text-indent: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.card { margin: 0 0 .85rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); }
.card .card { margin: .5rem 0; padding: .5rem .75rem; }
.verdict { position: relative; border-left: .4rem solid var(--edge); }
.verdict.broken { border-color: var(--line); border-left-color: var(--red); background: var(--red-tint); }
.verdict.unknown { border-color: var(--amber-edge); background: var(--amber-tint); }
.verdict.fine { border-color: var(--green); background: var(--green-tint); }
.broken .sure strong { color: var(--red); }
.unknown .sure strong { color: var(--amber); }
.fine .sure strong { color: var(--green); }
.sure, .verdict .tried { margin: 0; }
.lead { margin: 0 0 .25rem; }
.two, .one { display: grid; gap: 0 .85rem; align-items: start; }
.map { display: flex; gap: 0; margin: .7rem 0 0; padding: 0; list-style: none; }
.map > li { flex: 1 1 0; min-width: 0; position: relative; }
.map > li + li::before { content: ""; position: absolute; top: 14px; left: calc(-50% + 15px); right: calc(50% + 15px); border-top: 2px solid var(--green); }
.map > .suspected::before, .map > .unseen::before, .map > .behind::before, .map > .suspected + li::before, .map > .unseen + li::before, .map > .behind + li::before { border-top: 2px dashed var(--edge) !important; }
.link { display: block; min-height: 24px; text-align: center; font-size: .8125rem; color: var(--muted); list-style: none; overflow-wrap: normal; }
.link::-webkit-details-marker { display: none; }
.link .sign { display: block; width: 28px; height: 28px; margin: 0 auto .1rem; }
summary.link:hover, [open] > .link { text-decoration: underline; }
.broken > details > .link, .refusing > details > .link { color: var(--red); font-weight: 700; }
.perhaps > details > .link, .suspected > details > .link { color: var(--amber); font-weight: 700; }
.unseen-words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel { position: absolute; z-index: 2; left: 0; width: min(30rem, 86vw); max-height: 60vh; overflow: auto; margin-top: .35rem; padding: .6rem .9rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--page); box-shadow: 0 6px 24px #0004; font-size: .875rem; }
.map > li:nth-child(n+5) .panel { left: auto; right: 0; }
.panel p, .panel ul { margin: .15rem 0 .35rem; }
.suspicions { margin: .25rem 0; padding-left: 0; list-style: none; counter-reset: rank; }
.suspicions summary.more::before { content: none; }
.suspicions .others ol { padding: 0; list-style: none; } .suspicions .others > details > ol { margin-left: 0; }
.suspicions > li:not(.others) { counter-increment: rank; border-top: 1px solid var(--line); }
.suspicions > li:first-child { border-top: 0; }
.suspicions summary { display: flex; gap: .5rem; padding: .2rem 0; }
.suspicions summary::before { content: counter(rank); flex: none; width: 1.4em; height: 1.4em; border: 1px solid var(--amber-edge); border-radius: 50%; text-align: center; font-size: .8125rem; line-height: 1.4; color: var(--amber); }
.suspicions summary::after { content: "▾"; margin-left: auto; color: var(--muted); }
.suspicions details > :not(summary) { margin-left: 1.9rem; }
.steps { display: flex; gap: .4rem; margin: 0 0 .5rem; }
.steps span { flex: 1; height: 6px; border-radius: 3px; background: var(--line); }
.steps .done { background: var(--green); }
.steps .now { background: var(--amber-edge); }
.folded { margin: .4rem 0; }
summary { cursor: pointer; min-height: 24px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .25rem 0; }
dd { margin: 0; }
.index { padding: 0; list-style: none; font-size: .9375rem; }
.index li { display: grid; grid-template-columns: 1.5rem minmax(8rem, 16rem) 1fr; gap: .5rem; padding: .2rem 0; border-bottom: 1px solid var(--line); }
.index .sign { font-weight: 700; text-align: center; }
.index .broken .sign { color: var(--red); }
.index .unknown .sign, .index .warned .sign { color: var(--amber); }
.index .fine .sign { color: var(--green); }
.index .fine .what { color: var(--muted); }
article { margin-top: 1.5rem; }
article h2[id] { font-size: 1.25rem; }
button, select, input[type=file]::file-selector-button { font: inherit; font-size: .875rem; min-height: 28px; padding: .2rem .8rem; color: var(--text); background: var(--page); border: 1px solid var(--edge); border-radius: 6px; }
button { cursor: pointer; color: var(--page); background: var(--link); border-color: var(--link); }
button.second, button.copy { color: var(--link); background: var(--page); }
button:hover { text-decoration: underline; }
input[type=checkbox] { width: 24px; height: 24px; margin: 0; vertical-align: middle; }
.copied { float: right; margin: .4rem .4rem .2rem .6rem; position: relative; }
.copied + pre { min-height: 2.9rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .4rem 0; }
.form { margin: 0 0 .5rem; font-size: .875rem; }
.intro { max-width: 54rem; margin: 1rem auto 0; }
.intro h1 { font-size: 1.875rem; }
.box { max-width: 54rem; margin: .5rem auto; }
.drop { padding: .9rem 1rem; border: 2px dashed var(--edge); border-radius: 8px; }
.drop label { display: block; font-weight: 600; }
textarea { display: block; width: 100%; min-height: 8rem; margin: .3rem 0 .5rem; padding: .5rem .6rem; color: inherit; background: var(--tint); border: 1px solid var(--edge); border-radius: 6px; }
textarea::placeholder { color: var(--muted); opacity: 1; }
input[type=file] { font: inherit; width: 7.6rem; color: transparent; }
.box h2 { margin-top: .75rem; }
.judged textarea::placeholder { color: transparent; }
.examples { display: flex; flex-wrap: wrap; gap: .4rem; margin: .4rem 0; padding: 0; list-style: none; }
.clients button[aria-pressed="true"] { border-color: currentColor; font-weight: 600; }
.examples button { color: var(--link); background: var(--page); border-color: var(--line); border-radius: 99px; }
#status { min-height: 1.5em; margin: .3rem 0; font-weight: 600; }
.read { margin: 0; padding: 0; list-style: none; font-size: .875rem; }
.read > li { margin: .35rem 0; padding: .3rem .6rem; border: 1px solid var(--line); border-radius: 6px; }
.read ul { padding: 0; list-style: none; margin: 0; }
.read .ok { color: var(--green); font-weight: 700; }
.read .no { color: var(--amber); font-weight: 700; }
.read .place { color: var(--muted); font-size: .8125rem; }
.read .head { display: flex; gap: .5rem; align-items: center; justify-content: space-between; }
.dropping .drop { outline: 3px dashed var(--link); }
.judged .intro, .judged .outlook, .judged #status.said { display: none; }
.judged #status.said { display: block; position: absolute; width: 1px; height: 1px; min-height: 0; margin: 0; overflow: hidden; clip-path: inset(50%); }
footer { max-width: 84rem; margin: 0 auto; padding: 0 1.25rem 1rem; font-size: .875rem; }
@media (min-width: 62rem) {
  .judged .columns { display: grid; grid-template-columns: minmax(17rem, 22rem) minmax(0, 1fr); gap: 0 1.5rem; align-items: start; }
  .judged .box { grid-column: 1; grid-row: 1; width: 100%; margin: 0; position: sticky; top: .75rem; max-height: calc(100vh - 1.5rem); overflow: auto; }
  .judged #report { grid-column: 2; min-width: 0; }
  .judged textarea { min-height: 3.2rem; height: 3.2rem; }
}
@media (min-width: 68.75rem) { .two { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@media (max-width: 48rem) {
  main { padding: .5rem .75rem 1.5rem; }
  .top { padding: .35rem .75rem; }
  .judged .pill, .judged .end > span:not(.choice) { display: none; }
  .judged .end { margin: 0; }
  .judged label[for=shell] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  h1, .intro h1 { font-size: 1.3125rem; }
  .card { padding: .5rem .7rem; }
  .map { flex-wrap: wrap; gap: .1rem 0; margin-top: .4rem; }
  .map > li { flex: 0 0 33.3%; position: static; }
  .map > li::before { display: none; }
  .link { display: flex; gap: .25rem; align-items: center; text-align: left; font-size: .75rem; }
  .link .sign { flex: none; width: 22px; height: 22px; margin: 0; }
  .panel { left: .75rem; right: .75rem !important; width: auto; }
  .index li { grid-template-columns: 1.5rem 1fr; }
  .index .what { grid-column: 2; }
  dl { grid-template-columns: 1fr; } dd { margin: 0 0 .4rem 1rem; }
}
@media (max-width: 21.9rem) { .map > li { flex-basis: 50%; } }
@media (forced-colors: active) { button, .pill, .verdict, .drop { border: 1px solid ButtonText; } .verdict { border-left-width: .4rem; } .steps .now { background: Highlight; } .steps .done { background: CanvasText; } }
@media print {
  .box, .intro, .skip, .top .end, .actions, button, .form, .back, footer { display: none !important; }
  body { font-size: 9pt; } main { padding: 0; } h1 { font-size: 14pt; } article h2[id] { font-size: 11pt; }
  pre { max-height: none; padding: .3rem .5rem; font-size: 8pt; } code { font-size: 8pt; }
  .card { padding: .35rem .6rem; margin-bottom: .35rem; } article { margin-top: .8rem; } article, .index li { break-inside: avoid; }
  .panel { position: static; width: auto; box-shadow: none; } .map { margin-top: .2rem; } .fleet .folded, .fleet .message { display: none; }
  .two { grid-template-columns: 1fr; } .index { font-size: 8.5pt; } .index li { padding: 0; }
}
`;
