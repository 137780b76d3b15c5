// WORKERS: the workers' file names, set by build.mjs.
globalThis.MonacoEnvironment = {
  getWorker: (_, label) => new Worker(new URL(`playground/${WORKERS[label] ?? WORKERS.editor}`, document.baseURI)),
};
