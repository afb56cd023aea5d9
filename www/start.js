// Starts the program. A file and not Trunk's inline script, so that the Content-Security-Policy need not
// allow any inline script. It runs before the first paint, which it gives the reader's language and
// colours. `html[data-app]` says how far it got: "loading", "ready", "failed" or "unable".
"use strict";

(() => {
  const root = document.documentElement;
  const address = (path) => new URL(path, document.baseURI).href;
  const show = (id) => document.getElementById(id)?.removeAttribute("hidden");

  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("indoubt")) ?? {};
  } catch {
    // Storage may be forbidden, and what is there may be damaged: the program says so.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = ["light", "dark"].includes(kept.theme) ? kept.theme : dark ? "dark" : "light";
  const lang = ["en", "zh-CN"].includes(kept.lang) ? kept.lang : navigator.language;
  root.dataset.theme = theme;
  root.lang = lang.startsWith("zh") ? "zh-CN" : "en";
  root.dataset.app = "loading";
  const title = document.querySelector(`meta[name=indoubt-title][lang="${root.lang}"]`)?.content;
  if (title) document.title = title;

  async function start() {
    document.getElementById("boot-retry")?.addEventListener("click", () => location.reload());
    if (typeof WebAssembly !== "object") {
      root.dataset.app = "unable";
      show("boot-unable");
      return;
    }
    const { js, wasm } = document.querySelector("meta[name=indoubt-module]").dataset;
    try {
      const bindings = await import(address(js));
      await bindings.default({ module_or_path: address(wasm) });
      // What Trunk's own loader offers to other scripts on the page.
      window.wasmBindings = bindings;
      root.dataset.app = "ready";
      window.dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
    } catch (error) {
      root.dataset.app = "failed";
      show("boot-failed");
      throw error;
    }
    keep();
  }

  // The build names the worker in release builds; a development server has none. An embed keeps nothing.
  async function keep() {
    const worker = document.querySelector("meta[name=indoubt-offline]")?.content;
    const embedded = new URLSearchParams(location.search).has("embed");
    if (!worker || embedded || !("serviceWorker" in navigator)) return;
    try {
      const registration = await navigator.serviceWorker.register(address(worker));
      if (registration.waiting) offer(registration);
      registration.addEventListener("updatefound", () => {
        const fresh = registration.installing;
        fresh?.addEventListener("statechange", () => {
          if (fresh.state === "installed" && navigator.serviceWorker.controller) offer(registration);
        });
      });
    } catch (error) {
      // Forbidden here, or the host serves no worker: everything else works.
      console.info("not kept for use without a network:", error.message);
    }
  }

  /** Says that there is a new version. It comes when the reader asks for it, and not before. */
  function offer(registration) {
    if (document.querySelector(".fresh-version")) return;
    const chinese = root.lang.startsWith("zh");
    const toast = document.createElement("p");
    toast.className = "fresh-version";
    toast.setAttribute("role", "status");
    toast.append(chinese ? "有新版本。你的运行会保留在地址里。" : "There is a new version. Your run stays in the address. ");
    const button = (text, act) => {
      const made = document.createElement("button");
      made.className = "link";
      made.textContent = text;
      made.addEventListener("click", act);
      toast.append(made);
    };
    button(chinese ? "重新加载" : "Reload", () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting?.postMessage("take over");
    });
    button(chinese ? "以后再说" : "Later", () => toast.remove());
    document.body.append(toast);
  }

  // The reader wants nothing of this page to stay on the device.
  addEventListener("indoubt-forget", async () => {
    const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    const here = registrations.filter(({ scope }) => scope === address("./"));
    await Promise.all(here.map((registration) => registration.unregister()));
    const names = (await self.caches?.keys()) ?? [];
    await Promise.all(names.filter((name) => name.startsWith(`indoubt ${address("./")} `)).map((n) => caches.delete(n)));
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
  else start();
})();
