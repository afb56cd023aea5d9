// Starts the explorer's search in a worker. Which program that is stands behind the question mark: its name
// changes whenever it does. A page that cannot get it is told why.
"use strict";

const name = self.location.search.slice(1);
try {
  const program = await import(`./${name}.js`);
  await program.default({ module_or_path: new URL(`${name}_bg.wasm`, self.location.href) });
} catch (error) {
  self.postMessage(`${error}`);
}
