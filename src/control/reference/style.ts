/** `/docs/style.css`. */
export const STYLE: string = String.raw`
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e6e9ec);
  --quiet: light-dark(#57606a, #9aa4ae);
  --paper: light-dark(#ffffff, #14171a);
  --panel: light-dark(#f5f6f7, #1c2024);
  --edge: light-dark(#d5d9dd, #333a41);
  --accent: light-dark(#0f6b64, #5ccfc3);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0;
  color: var(--ink);
  background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif;
}
code, b[data-method] { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
b[data-method] { font-weight: 700; color: var(--accent); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; padding: 0.5rem 1rem; background: var(--paper); }
.skip:focus { left: 0; }
header { padding: 1.5rem; border-bottom: 1px solid var(--edge); }
h1 { margin: 0; font-size: 1.5rem; }
header p { margin: 0.25rem 0 0; color: var(--quiet); max-width: 70ch; }
.columns { display: grid; grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr); }
nav {
  position: sticky;
  top: 0;
  align-self: start;
  max-height: 100vh;
  overflow: auto;
  padding: 1rem 1.5rem;
  border-right: 1px solid var(--edge);
}
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.875rem; color: var(--quiet); text-transform: capitalize; }
nav ul, article ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.125rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
main { padding: 1rem 1.5rem 4rem; max-width: 60rem; }
main h2 { text-transform: capitalize; margin: 1.5rem 0 0.75rem; }
article { margin: 0 0 1rem; padding: 1rem; background: var(--panel); border: 1px solid var(--edge); border-radius: 0.5rem; }
article:target { border-color: var(--accent); }
h3 { margin: 0; font-size: 1.0625rem; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.875rem; color: var(--quiet); }
article p { margin: 0.25rem 0 0; }
dl { display: grid; grid-template-columns: minmax(5rem, max-content) minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.25rem 0 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.lock { max-width: 24rem; margin: 10vh auto; }
.lock form { display: grid; gap: 0.5rem; margin-top: 1rem; }
input, button { font: inherit; padding: 0.5rem 0.75rem; border: 1px solid var(--quiet); border-radius: 0.375rem; }
input { color: inherit; background: var(--panel); }
button { color: var(--paper); background: var(--accent); border-color: var(--accent); cursor: pointer; }
#refusal { margin: 0; }
@media (max-width: 45rem) {
  .columns { display: block; }
  nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--edge); }
  dl { display: block; }
  dt { margin-top: 0.5rem; }
}
`;
