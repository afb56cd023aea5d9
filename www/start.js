// Starts the program. A file and not Trunk's inline script, so that the Content-Security-Policy
// need not allow any inline script. `html[data-app]` says how far it got: "ready" or "failed".

const root = document.documentElement;
const { js, wasm } = document.querySelector("meta[name=indoubt-module]").dataset;
const address = (path) => new URL(path, document.baseURI).href;

try {
  const bindings = await import(address(js));
  await bindings.default({ module_or_path: address(wasm) });
  // What Trunk's own loader offers to other scripts on the page.
  window.wasmBindings = bindings;
  root.dataset.app = "ready";
  window.dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
} catch (error) {
  root.dataset.app = "failed";
  document.getElementById("boot-failed")?.removeAttribute("hidden");
  throw error;
}
