import { type Html, html } from "./html.ts";

/** A whole page. `refreshS` reloads it by itself; absent where somebody types. */
export function page(title: string, refreshS: number | undefined, content: Html): string {
  const refresh =
    refreshS === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshS}" />`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header><a href="/">mfpgate test ACS</a></header>
        <main>${content}</main>
      </body>
    </html>`.html;
}

/** A table; an empty one says so. */
export function table(head: readonly string[], rows: readonly Html[], empty: string): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  const cells = head.map((name) => html`<th>${name}</th>`);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${cells}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** How long ago, in words. */
export function ago(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return "never";
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3_600)} h ago`;
}

/** Time of day, UTC. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

const style: Html = {
  html: `
:root{--ink:#1b2733;--quiet:#66727f;--line:#dfe5ea;--back:#f5f7f9;--accent:#0b5cad;--good:#12763f;--warn:#9a6200;--bad:#b3261e}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,"Segoe UI",sans-serif;color:var(--ink);background:var(--back)}
header{background:#12304d;padding:.8rem 1.5rem}
header a{color:#fff;font-weight:600;text-decoration:none}
main{max-width:1280px;margin:0 auto;padding:1.2rem 1.5rem 3rem}
h1{font-size:1.45rem;margin:.2rem 0 .6rem}h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
a{color:var(--accent)}
.quiet{color:var(--quiet)}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.card{background:#fff;border:1px solid var(--line);border-radius:8px;padding:1rem 1.2rem;margin:.8rem 0}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2.2rem;margin:0}
.facts div{min-width:9rem}.facts dt{color:var(--quiet);font-size:.8rem}.facts dd{margin:0}
.scroll{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .8rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:.8rem;color:var(--quiet);font-weight:600;background:#fbfcfd}
tr:last-child td{border-bottom:0}td.path{font:12.5px/1.6 ui-monospace,monospace;word-break:break-all}
.badge{display:inline-block;padding:0 .55rem;border-radius:99px;background:#e9eef3;font-size:.82rem;white-space:nowrap}
.badge.good{background:#e2f3e8}.badge.warn{background:#fdf0d5}.badge.bad{background:#fbe3e1}
.bar{display:inline-block;width:7rem;height:.65rem;border-radius:4px;background:#e4e9ee;overflow:hidden;vertical-align:middle;margin-right:.5rem}
.bar i{display:block;height:100%;background:var(--good)}.bar i.warn{background:#e0a100}.bar i.bad{background:var(--bad)}
form{display:inline}
button{font:inherit;padding:.3rem .9rem;border:1px solid var(--accent);border-radius:6px;background:#fff;color:var(--accent);cursor:pointer}
button.main{background:var(--accent);color:#fff}button.risky{border-color:var(--bad);color:var(--bad)}
input{font:inherit;padding:.35rem .6rem;border:1px solid #b8c2cc;border-radius:6px;width:min(36rem,100%)}
.notice{border-left:4px solid var(--accent);background:#fff;padding:.6rem 1rem;margin:.8rem 0}
details summary{cursor:pointer;margin:1.6rem 0 .5rem;font-weight:600}`,
};
