/**
 * Bundles the panel into the package's static/ directory: index.js (src/main.tsx, exports render), its CSS within, painter.js
 * (src/painting/worker.ts, the worker that draws) and LICENSES.txt.
 */
import { build } from "esbuild";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "../tensorboard_plugin_cnnviz/static");

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  target: ["chrome110", "firefox115", "safari16"],
  logLevel: "warning",
};

/** Stylesheets are imported as text: one request, and no second path that a server or an exported page must know. */
const stylesAsText = {
  name: "styles-as-text",
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const styles = await build({ ...shared, entryPoints: [path], write: false, loader: { ".css": "css" } });
      return { contents: styles.outputFiles[0].text, loader: "text", watchFiles: [path] };
    });
  },
};

/** Names of the packages among the bundle's inputs, sorted. */
function bundledPackages(metafile) {
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const parts = relative(here, join(here, input)).split(sep);
    const at = parts.lastIndexOf("node_modules");
    if (at < 0) continue;
    const [first, second] = parts.slice(at + 1);
    names.add(first.startsWith("@") ? `${first}/${second}` : first);
  }
  return [...names].sort();
}

async function licenceOf(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file: do not bundle it`);
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const { metafile, outputFiles } = await build({
  ...shared,
  entryPoints: ["src/main.tsx"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  plugins: [stylesAsText],
  define: { "process.env.NODE_ENV": '"production"' },
  write: false,
});

const worker = await build({ ...shared, entryPoints: ["src/painting/worker.ts"], metafile: true, write: false });
const borrowed = bundledPackages(worker.metafile);
if (borrowed.length > 0)
  throw new Error(`painter.js is not told of in LICENSES.txt: it contains ${borrowed.join(", ")}`);

await mkdir(target, { recursive: true });
const licences = await Promise.all(bundledPackages(metafile).map(licenceOf));
await writeFile(join(target, "index.js"), outputFiles[0].contents);
await writeFile(join(target, "painter.js"), worker.outputFiles[0].contents);
await writeFile(
  join(target, "LICENSES.txt"),
  ["index.js contains these libraries.\n", ...licences].join(`\n${"-".repeat(80)}\n\n`),
);
