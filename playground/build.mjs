// Builds the full page into GONGTU_PLAYGROUND_OUT (default `dist`): index.html, and beside it hashed
// files, each as .br and .gz alone. Every browser takes gzip; the page needs no third copy in the binary.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { build } from 'esbuild';

const out = path.resolve(process.env.GONGTU_PLAYGROUND_OUT ?? 'dist');
const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  minify: true,
  metafile: true,
  outdir: out,
  target: ['es2022', 'chrome114', 'firefox125', 'safari17'],
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const workers = await build({
  ...common,
  entryPoints: {
    editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
    graphql: 'monaco-graphql/esm/graphql.worker.js',
    json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  },
  entryNames: '[name].worker-[hash]',
  format: 'iife',
});
const workerNames = Object.fromEntries(
  outputs(workers, '.js').map((name) => [name.slice(0, name.indexOf('.')), name]),
);

const app = await build({
  ...common,
  entryPoints: { app: 'src/app.jsx' },
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  format: 'esm',
  splitting: true,
  jsx: 'automatic',
  loader: { '.ttf': 'file' },
  external: ['playground/*'],
  alias: {
    'monaco-editor/esm/vs/editor/edcore.main.js': './src/editor.js',
    'prettier/parser-babel': './src/json.js',
    // The same plugin by its old name, which is CommonJS and yields no `parsers` to an import.
    'prettier/parser-graphql': 'prettier/plugins/graphql',
    'prettier/plugins/estree': './src/json.js',
  },
  define: { ...common.define, WORKERS: JSON.stringify(workerNames) },
});

const html = await readFile(path.join(import.meta.dirname, 'src/index.html'), 'utf8');
await writeFile(
  path.join(out, 'index.html'),
  html.replace(/\{app(\.\w+)\}/g, (_, extension) => outputs(app, extension).find((name) => name.startsWith('app-'))),
);
await writeFile(path.join(out, 'licenses.txt'), await licenses([workers, app]));

const names = (await readdir(out)).filter((name) => name !== 'index.html');
// app.jsx imports all that has a style, so the styles that esbuild lays beside lazy chunks are copies.
await Promise.all(names.map((name) => (/^chunk-.*\.css$/.test(name) ? rm(path.join(out, name)) : compress(name))));

function outputs({ metafile }, extension) {
  return Object.keys(metafile.outputs).map((file) => path.basename(file)).filter((name) => name.endsWith(extension));
}

async function compress(name) {
  const file = path.join(out, name);
  const raw = await readFile(file);
  const brotli = { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: raw.length, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
  await writeFile(`${file}.br`, await promisify(zlib.brotliCompress)(raw, { params: brotli }));
  await writeFile(`${file}.gz`, await promisify(zlib.gzip)(raw, { level: 9 }));
  await rm(file);
}

/** The licence of every package that is in the bundle, as their licences ask. */
async function licenses(results) {
  const inputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs).flatMap((it) => Object.keys(it.inputs)));
  const folders = new Set(inputs.map((it) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(it)?.[0]).filter(Boolean));
  const texts = [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(path.join(import.meta.dirname, folder, 'package.json')));
    const files = (await readdir(path.join(import.meta.dirname, folder))).filter((it) => /^(licen[cs]e|notice|thirdparty)/i.test(it));
    const bodies = await Promise.all(files.map((it) => readFile(path.join(import.meta.dirname, folder, it), 'utf8')));
    return [`${name} ${version} (${license})`, ...bodies.map((it) => it.trim())].join('\n\n');
  });
  return (await Promise.all(texts)).join(`\n\n${'-'.repeat(80)}\n\n`);
}
