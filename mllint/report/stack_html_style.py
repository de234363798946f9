"""The style sheet of the page that `mllint stack --format html` writes: light, dark, and on paper."""

STYLE = """\
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #1c2330; --soft: #5b6576; --line: #dde2ea;
  --error: #c2253a; --warning: #a15c00; --info: #1d63b8; --ok: #1c7a45; --bar: #6f8fc4; --again: #d9822b;
  --mark: #fff3d6; --code: #f1f3f7; }
@media (prefers-color-scheme: dark) { :root { --ground: #12161d; --card: #1a202a; --ink: #e4e8ef; --soft: #9aa5b6;
  --line: #2e3744; --error: #ff7d8c; --warning: #f0b35a; --info: #7fb4f5; --ok: #6fce97; --bar: #5d7fb8;
  --again: #e0954a; --mark: #3a3220; --code: #151a22; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 74rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1.05rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: .9rem; color: var(--soft); font-weight: 600; }
a { color: var(--info); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre, .source { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .82rem; }
header { margin: 0 0 1.25rem; } header p { margin: .35rem 0 0; color: var(--soft); }
section { margin: 0 0 1.25rem; padding: 1.1rem 1.25rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; overflow-x: auto; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0 0; padding: 0; list-style: none; }
.chips li { padding: .15rem .65rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); }
.ok { color: var(--ok); } .unknown, .dim, .why { color: var(--soft); }
.badge { display: inline-block; min-width: 4.4rem; font-size: .75rem; font-weight: 700; }
svg.flow { display: block; max-width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg.flow rect { fill: var(--ground); stroke: var(--line); }
svg.flow .final rect { stroke: var(--ok); stroke-width: 2; }
svg.flow text { fill: var(--ink); } svg.flow .name { font-weight: 600; font-size: 13px; }
svg.flow .built { fill: var(--ok); }
svg.flow .small { fill: var(--soft); font-size: 12px; }
svg.flow path { fill: none; stroke: var(--bar); stroke-width: 1.5; }
svg.flow .mounts { stroke-dasharray: 4 3; } svg.flow marker path { fill: var(--bar); stroke: none; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .28rem .75rem .28rem 0; text-align: left;
  vertical-align: top; border-top: 1px solid var(--line); } tr:first-child > * { border-top: 0; }
th { width: 11rem; font-weight: 600; } td { overflow-wrap: anywhere; } td.why { width: 45%; font-size: .87rem; }
.layers td.size { width: 6rem; white-space: nowrap; text-align: right; } .layers td.bar { width: 30%; }
.layers td.at { width: 8rem; white-space: nowrap; }
.bar span { display: block; height: .8rem; margin-top: .3rem; border-radius: .2rem; background: var(--bar);
  min-width: 2px; } .again .bar span { background: var(--again); } .legend { color: var(--soft); font-size: .87rem; }
.key { display: inline-block; width: .8rem; height: .8rem; border-radius: .2rem; background: var(--again);
  vertical-align: -1px; }
.findings { margin: 0; padding: 0; list-style: none; } .findings li { padding: .35rem 0;
  border-top: 1px solid var(--line); } .findings li:first-child { border-top: 0; }
.source { margin: 0; padding: .5rem 0; background: var(--code); border-radius: .4rem; overflow-x: auto; }
.line { display: flex; } .line > a { flex: 0 0 3.5rem; padding-right: .9rem; text-align: right; color: var(--soft);
  user-select: none; } .line > code { font-size: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
.line.found { background: var(--mark); } .line:target, .note:target { outline: 2px solid var(--info); }
.note { margin: .15rem .75rem .35rem 3.5rem; padding: .35rem .7rem; border-left: 3px solid currentColor;
  background: var(--card); font: 14px/1.45 system-ui, sans-serif; } .note p { margin: 0; color: var(--ink); }
.note .fix { color: var(--soft); } details > summary { cursor: pointer; font-weight: 600; }
@media (max-width: 44rem) { th { width: 7rem; } td.why { width: auto; } .layers td.bar { display: none; } }
@media print { :root { --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --mark: #f3f3f3;
  --code: #fff; } body { padding: 0; max-width: none; font-size: 10pt; } section { break-inside: auto; }
  tr, .note, .findings li, svg { break-inside: avoid; } .bar span, .key { print-color-adjust: exact; } }
"""
