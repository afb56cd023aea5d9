// How fast the release site is, measured in headless Chromium and printed as a table:
//   cargo xtask speed [EVENTS...]        500 and 5,000 events unless told otherwise
//
// A time is what the main thread does between the reader's act and a page whose layout is done: it is what has to
// fit into a frame of 16.7 ms. What stands beside the figure follows in a task of its own after that is painted,
// and while the reader hurries, when he rests: "(then)" is the longest task after a step, painting
// included. "frames" are the times between frames while the slider is drawn across the whole run. Nothing here passes or fails: the machine may be busy.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { launchOptions } from "./chromium.mjs";
import { serve } from "./server.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROUNDS = 40;

// The coordinator dies half way; from then on a client asks, waits and gives up behind the blocked lock.
const BEGIN = `world 2pc
do C begin
deliver C>P1 prepare
deliver C>P2 prepare
deliver P1>C yes
deliver P2>C yes torn=2
deliver C>P1 commit`.split("\n");
const CYCLE = `do K ask P2
deliver K>P2 ask
fire P2 decision
deliver P2>C inquiry
do K give-up
deliver K>P2 withdraw`.split("\n");

/** The hash of a run of so many events, made by the command line. */
function link(events) {
  const lines = [...BEGIN];
  while (lines.length <= events) lines.push(CYCLE[(lines.length - BEGIN.length) % CYCLE.length]);
  const file = join(mkdtempSync(join(tmpdir(), "indoubt-")), "run.txt");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const cargo = ["run", "--quiet", "--release", "--bin", "indoubt", "--", "link", file];
  const printed = execFileSync("cargo", cargo, { cwd: here(".."), encoding: "utf8" });
  return printed.match(/#\S+/)[0];
}

const sizes = process.argv.slice(2).map(Number);
const server = await serve(here("../dist"), "/");
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch(launchOptions);
const version = browser.version();
console.log(`headless Chromium ${version}, 1440 x 900, ${ROUNDS} times each; milliseconds\n`);
console.log("events  act         median     p95     max");
for (const events of sizes.length > 0 ? sizes : [500, 5000]) {
  const hash = link(events);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const start = Date.now();
  await page.goto(`${address}?nodemo${hash}`);
  await page.locator("html[data-app=ready]").waitFor();
  await page.locator(".event").first().waitFor({ state: "attached" });
  row(events, "open", [Date.now() - start]);
  for (const [name, times] of Object.entries(await page.evaluate(measure, ROUNDS))) row(events, name, times);
  await context.close();
}
await browser.close();
server.close();

function row(events, name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const cell = (value) => value.toFixed(1).padStart(8);
  console.log(`${String(events).padStart(6)}  ${name.padEnd(10)}${cell(at(0.5))}${cell(at(0.95))}${cell(sorted.at(-1))}`);
}

/** Runs in the page. */
async function measure(rounds) {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  // One channel for all tasks: thousands of them would be garbage that takes seconds to collect.
  const { port1, port2 } = new MessageChannel();
  const task = () =>
    new Promise((done) => {
      port1.onmessage = done;
      port2.postMessage(null);
    });
  const press = (key, extra = {}) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...extra }));
  /** Time until the page has changed and its layout is done. */
  const work = async (act) => {
    const before = performance.now();
    let changed = 0;
    const observer = new MutationObserver(() => (changed += 1));
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    act();
    // Rendering is a chain of microtasks: let it run out, then force style and layout.
    do await task();
    while (changed === 0 && performance.now() - before < 5000);
    document.body.getBoundingClientRect();
    const after = performance.now();
    // Whoever rests this long is in no hurry.
    longest = 0;
    for (let last = after; last < after + 180; ) {
      await task();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    observer.disconnect();
    if (changed === 0) throw new Error("nothing changed on the page");
    return after - before;
  };
  let longest = 0;
  const times = { step: [], "  (then)": [], undo: [], select: [], scrub: [], frames: [] };
  for (let i = 0; i < rounds; i += 1) {
    times.undo.push(await work(() => press("ArrowLeft")));
    times.step.push(await work(() => press("ArrowRight")));
    times["  (then)"].push(longest);
    const events = [...document.querySelectorAll(".event")];
    const event = events[(i * 7) % events.length];
    times.select.push(await work(() => event.dispatchEvent(new MouseEvent("click", { bubbles: true }))));
  }
  const slider = document.querySelector("input.scrub");
  const last = Number(slider.max);
  const scrub = (value) => {
    slider.value = String(value);
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  for (let i = 0; i < rounds; i += 1) times.scrub.push(await work(() => scrub(Math.floor((i * last * 0.37) % last))));
  let before = await frame();
  for (let i = 0; i < 60; i += 1) {
    scrub(Math.round((last * i) / 60));
    const now = await frame();
    times.frames.push(now - before);
    before = now;
  }
  return times;
}
