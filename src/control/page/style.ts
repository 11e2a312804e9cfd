/** How the page looks. */
export const STYLE: string = String.raw`
:root {
  color-scheme: light dark;
  --ground: #f4f5f2;
  --card: #ffffff;
  --edge: #e1e4de;
  --ink: #1c2320;
  --quiet: #5f6963;
  --trough: #e8ebe6;
  --ok: #0f766e;
  --low: #b45309;
  --high: #b91c1c;
  --idle: #6b7280;
  --focus: #2563eb;
  --radius: 12px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111513;
    --card: #191e1b;
    --edge: #2a312d;
    --ink: #e7ece9;
    --quiet: #9aa5a0;
    --trough: #272e2a;
    --ok: #2dd4bf;
    --low: #fbbf24;
    --high: #f87171;
    --idle: #9ca3af;
    --focus: #93c5fd;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 24px clamp(16px, 4vw, 40px) 40px;
  max-width: 1180px;
  background: var(--ground);
  color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
h1, h2, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 24px; line-height: 1.2; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { font-size: 16px; line-height: 1.4; }
.quiet { color: var(--quiet); font-size: 13px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 8px; padding: 4px 12px; background: var(--card); color: var(--ink); }

header { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; margin-bottom: 24px; }
.title { flex: 1 1 260px; min-width: 0; }
.controls { display: flex; gap: 8px; align-items: center; }
.pill {
  display: inline-flex; align-items: center; gap: 8px; margin-right: 8px;
  font-weight: 600; font-size: 14px; color: var(--tone);
  --tone: var(--idle);
}
.pill::before { content: ""; width: 10px; height: 10px; border-radius: 50%; background: currentColor; }
.pill[data-state="open"] { --tone: var(--ok); }
.pill[data-state="paused"], .pill[data-state="draining"], .pill[data-state="opening"] { --tone: var(--low); }
.pill[data-state="failed"], .pill[data-state="unreachable"] { --tone: var(--high); }
button {
  font: inherit; font-weight: 600; color: var(--ink); background: var(--card);
  border: 1px solid var(--edge); border-radius: 8px; padding: 7px 16px; min-height: 40px; cursor: pointer;
}
button:hover:not(:disabled) { border-color: var(--quiet); }
button:disabled { color: var(--quiet); opacity: 0.6; cursor: default; }
button.first { background: var(--ok); border-color: var(--ok); color: var(--ground); }

main { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); }
main > section, .figure, .trouble {
  background: var(--card); border: 1px solid var(--edge); border-radius: var(--radius); padding: 16px 20px;
}
.trouble { border-color: var(--high); color: var(--high); font-weight: 600; }

.rate { display: grid; grid-template-columns: minmax(150px, 1fr) 4fr; gap: 24px; align-items: stretch; overflow: hidden; }
.rate h2 { font-weight: 400; }
.large { font-size: 34px; font-weight: 600; line-height: 1.25; letter-spacing: -0.02em; white-space: nowrap; }
.rate svg { width: 100%; height: 84px; align-self: end; margin-bottom: -4px; overflow: visible; }
.area { fill: var(--ok); opacity: 0.1; }
.curve { fill: none; stroke: var(--ok); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }

.figures { display: grid; gap: 16px; grid-template-columns: 1fr 1.3fr repeat(3, 1fr); }
.figure { min-width: 0; }
.figure dt { color: var(--quiet); font-size: 13px; }
.figure dd { font-size: 20px; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; }

.advice { --tone: var(--ok); box-shadow: inset 4px 0 0 var(--tone); overflow: hidden; }
.advice[data-level="some"] { --tone: var(--low); }
.advice p { max-width: 75ch; }

.lines { list-style: none; display: grid; gap: 14px; margin-top: 12px; }
.lines li { display: grid; grid-template-columns: 72px 1fr 84px; gap: 2px 12px; align-items: center; }
.lines .name { font-weight: 600; }
.lines .details { grid-column: 2 / 4; }
.trough { height: 16px; border-radius: 8px; background: var(--trough); overflow: hidden; position: relative; }
.trough i {
  display: block; height: 100%; width: calc(var(--fill, 0) * 100%); min-width: 0; border-radius: inherit;
  background: var(--tone, var(--ok)); transition: width 0.5s ease, background-color 0.5s ease;
}
.trough.marked i { border-radius: 0; }
.trough.marked::after {
  content: ""; position: absolute; inset: 0;
  background: repeating-linear-gradient(
    to right, transparent 0 calc(100% / var(--parts) - 2px), var(--card) 0 calc(100% / var(--parts))
  );
}
[data-pressure="ok"] { --tone: var(--ok); }
[data-pressure="low"] { --tone: var(--low); }
[data-pressure="high"] { --tone: var(--high); }
.verdict { font-weight: 600; font-size: 13px; color: var(--tone); text-align: right; white-space: nowrap; }

.scroll { overflow-x: auto; margin: 8px -20px -4px; padding: 0 20px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px 0 8px 20px; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
thead th { color: var(--quiet); font-weight: 500; font-size: 13px; border-bottom: 1px solid var(--edge); }
tbody th { font-weight: 600; }
tbody tr + tr > * { border-top: 1px solid var(--edge); }
th.bar { width: 30%; min-width: 130px; text-align: left; }
td .meter { display: flex; gap: 10px; align-items: center; }
td .meter .trough { flex: 1; height: 8px; min-width: 60px; }
td .meter span { min-width: 44px; }
.mark[data-ok="false"] { color: var(--high); font-weight: 600; }
.empty { color: var(--quiet); }
footer { margin-top: 20px; }

dialog {
  border: 1px solid var(--edge); border-radius: var(--radius); padding: 24px; width: min(400px, 90vw);
  background: var(--card); color: var(--ink);
}
dialog::backdrop { background: rgb(0 0 0 / 45%); }
dialog form { display: grid; gap: 10px; }
dialog input {
  font: inherit; padding: 8px 12px; min-height: 40px; border-radius: 8px;
  border: 1px solid var(--quiet); background: var(--ground); color: var(--ink);
}

@media (max-width: 900px) {
  .figures { grid-template-columns: repeat(6, 1fr); }
  .figure { grid-column: span 2; }
  .figure:nth-child(n + 4) { grid-column: span 3; }
}
@media (max-width: 640px) {
  main, .figures { gap: 12px; }
  .figures { grid-template-columns: 1fr 1fr; }
  .figure, .figure:nth-child(n + 4) { grid-column: auto; }
  .figure:nth-child(2) { grid-column: 1 / -1; order: -1; }
  .figure, main > section { padding: 14px 16px; }
  .figure dd { font-size: 18px; }
  .rate { grid-template-columns: 1fr; gap: 8px; }
  .rate svg { height: 56px; }
  .scroll { margin-inline: -16px; padding-inline: 16px; }
  .controls { width: 100%; }
  .controls .pill { flex: 1; }
  .lines li { grid-template-columns: 56px 1fr 78px; }
  .lines .details { grid-column: 1 / 4; }
  th, td { padding-left: 14px; }
}
@media (prefers-reduced-motion: reduce) { .trough i { transition: none; } }
@media (forced-colors: active) { .trough { border: 1px solid; } .trough i { background: Highlight; forced-color-adjust: none; } }
`;
