// The explorer's worker in headless Chromium beside the same search on the command line, in one sitting:
//   cargo xtask race [N...]        Lamport's two-phase commit with N resource managers; 8 unless told otherwise
//
// In the browser the time runs from the reader's click to the last word of the worker, so it includes loading the
// program of the worker the first time. Between two rounds the machine may be busy with other things.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { launchOptions } from "./chromium.mjs";
import { serve } from "./server.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROUNDS = 3;
const sizes = process.argv.slice(2).map(Number);

const native = (...args) =>
  execFileSync("cargo", ["run", "--quiet", "--release", "--bin", "indoubt", "--", ...args], {
    cwd: here(".."),
    encoding: "utf8",
  });

/** The hash of a world with so many resource managers. */
function link(n) {
  const file = join(mkdtempSync(join(tmpdir(), "indoubt-")), "world.txt");
  writeFileSync(file, `world tp participants=${n}\n`);
  return native("link", file).match(/#\S+/)[0];
}

const server = await serve(here("../dist"), "/");
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch(launchOptions);
console.log(`headless Chromium ${browser.version()}\n`);
console.log("  N      worlds   native s   worker s   ratio  native B/world  worker B/world  reports ms  frames ms  stop ms");
for (const n of sizes.length > 0 ? sizes : [8]) {
  const hash = link(n);
  for (let round = 0; round < ROUNDS; round += 1) {
    const line = native("bench", String(n), "--times", "1").split("\n").find((l) => l.startsWith(`TwoPhase N=${n}`));
    const [worlds, , , seconds, , , bytes] = line.replace(/^TwoPhase N=\d+/, "").trim().split(/\s+/).map(Number);
    const there = await search(hash);
    if (there.worlds !== worlds) throw new Error(`the worker found ${there.worlds} worlds, not ${worlds}`);
    const cells = [
      [n, 3, 0], [worlds, 12, 0], [seconds, 11, 3], [there.seconds, 11, 3], [there.seconds / seconds, 8, 2],
      [bytes, 16, 1], [there.bytes / worlds, 16, 1], [there.apart, 12, 0], [there.frame, 11, 0], [there.stop, 9, 0],
    ];
    console.log(cells.map(([value, width, digits]) => value.toFixed(digits).padStart(width)).join(""));
  }
}
await browser.close();
server.close();

/** One search, in a page of its own; then a second, that is stopped half way. */
async function search(hash) {
  const context = await browser.newContext({ locale: "en", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.heard = [];
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...all) {
        super(...all);
        this.addEventListener("message", () => window.heard.push(performance.now()));
      }
    };
  });
  await page.goto(`${address}?nodemo${hash}`);
  await page.locator("html[data-app=ready]").waitFor();
  await page.locator("#explorer-switch").click();
  await page.locator(".card-radio", { hasText: "two nodes decide differently?" }).click();
  // No crashes, no losses: as the benchmark.
  for (const bound of await page.locator("[data-bound]").all()) {
    const less = bound.locator(".step").first();
    while ((await less.count()) > 0 && (await less.isEnabled()) && /[1-9]/.test(await bound.textContent())) {
      await less.click();
    }
  }
  await page.getByText("More bounds").click();
  await page.getByLabel("Worlds, at most").selectOption("20,000,000");
  await page.getByLabel("Memory, at most").selectOption({ index: 4 });
  // The first search loads the worker's program.
  const began = await page.evaluate(() => {
    window.heard.length = 0;
    window.gap = 0;
    let last = performance.now();
    requestAnimationFrame(function frame(now) {
      window.gap = Math.max(window.gap, now - last);
      last = now;
      requestAnimationFrame(frame);
    });
    document.querySelector("#explore-start").click();
    return performance.now();
  });
  await page.locator(".took").filter({ hasText: "finished" }).waitFor({ timeout: 600_000 });
  const { heard, frame } = await page.evaluate(() => ({ heard: window.heard, frame: window.gap }));
  const number = (text) => Number(text.replaceAll(",", ""));
  const worlds = number((await page.locator(".worlds").textContent()).match(/^[\d,]+/)[0]);
  const memory = (await page.locator(".worlds + p").textContent()).match(/([\d,]+)\s*MB/);
  await page.locator("#explore-start").click();
  await page.waitForTimeout(400);
  const stop = await page.evaluate(async () => {
    document.querySelector("#explore-stop")?.click();
    const start = performance.now();
    await new Promise((done) => setTimeout(done, 800));
    return Math.max(0, window.heard.at(-1) - start);
  });
  await context.close();
  return {
    worlds,
    seconds: (heard.at(-1) - began) / 1000,
    bytes: memory ? number(memory[1]) * 1024 * 1024 : NaN,
    apart: Math.max(...heard.slice(1).map((at, i) => at - heard[i])),
    frame,
    stop,
  };
}
