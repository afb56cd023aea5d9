// Starts the explorer's search in a worker. Which program that is says the worker's own name, since a service
// worker that answers leaves nothing of what stands behind a question mark. A page that cannot get it is told why.
"use strict";

const name = self.name;
try {
  const program = await import(`./${name}.js`);
  await program.default({ module_or_path: new URL(`${name}_bg.wasm`, self.location.href) });
} catch (error) {
  self.postMessage(`${error}`);
}
