// Photographs the main states of the release site into ../shots, to look at and to compare:
//   cargo xtask shots [--filter NAME]      only pictures whose file name contains NAME
// A state is a name, the address that opens it, and `prepare`, which does what a reader would do to get there.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { launchOptions } from "./chromium.mjs";
import { serve } from "./server.mjs";

const press = (...keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key);
};
const steps = (n) => press(...Array.from({ length: n }, () => "n"));
const click = (selector) => (page) => page.locator(selector).first().click();
const each = (...all) => async (page) => {
  for (const one of all) await one(page);
};
/** Opens a script as a reader does. */
const script = (...lines) => async (page) => {
  await page.keyboard.press("s");
  await page.locator("#share-open").fill(lines.join("\n"));
  await page.locator("#share-open + .btn").click();
  await page.locator("dialog").waitFor({ state: "detached" });
};

/** P2 is blocked: C has told P1 and died. */
const HALF_TOLD = [
  "world 2pc",
  "do C begin",
  "deliver C>P1 prepare",
  "deliver C>P2 prepare",
  "deliver P1>C yes",
  "deliver P2>C yes torn=2",
  "deliver C>P1 commit",
];
const ASKS = ["fire P2 decision", "deliver P2>C inquiry"];

// ?nodemo leaves out the hints for the first visit.
const STATES = [
  { name: "first-visit", search: "" },
  { name: "opening" },
  { name: "in-doubt", prepare: steps(4) },
  { name: "blocked", prepare: script(...HALF_TOLD, "do K ask P2", "deliver K>P2 ask") },
  { name: "scissors", prepare: each(script(...HALF_TOLD.slice(0, 5)), openChoices, click(".snip:visible")) },
  { name: "state", prepare: each(script(...HALF_TOLD), openState) },
  { name: "log", prepare: each(steps(9), openLog) },
  { name: "branches", prepare: each(steps(6), press("Home", "2", "n", "n", "Home", "n", "3", "n")) },
  { name: "finished", prepare: steps(9) },
  { name: "broken", prepare: click(".tale >> nth=1") },
  { name: "long", prepare: script(...HALF_TOLD, ...Array.from({ length: 250 }, () => ASKS).flat()) },
  { name: "five", prepare: each(script("world 2pc participants=5", "do C begin"), steps(7)) },
  { name: "explorer", prepare: press("e") },
  { name: "explorer-found", prepare: each(press("e"), click("#explore-start"), found) },
  { name: "explorer-none", prepare: each(press("e"), click(".card-radio >> nth=2"), click("#explore-start"), found) },
  { name: "explorer-count", prepare: each(press("e"), click(".more-asks summary"), click(".card-radio:has([value=count])"), click("#explore-start"), found) },
  { name: "settings", prepare: press("n", ",") },
  { name: "share", prepare: press("n", "n", "s") },
  { name: "help", prepare: press("?") },
  { name: "bad-link", hash: "#2pc/v99/AAAA" },
];

/** The search has come to its end. */
async function found(page) {
  await page.locator(".took .num", { hasText: /finished|完成/ }).waitFor();
}

/** On a phone the choices are in a sheet. */
async function openChoices(page) {
  const grip = page.locator(".sheet-grip");
  if (await grip.isVisible()) await grip.click();
}

async function openState(page) {
  const tabs = page.locator(".phone-tabs button");
  if (await tabs.first().isVisible()) return tabs.nth(1).click();
  await openDrawer(page);
  await page.locator(".drawer [role=tab]").last().click();
}

async function openLog(page) {
  const tabs = page.locator(".phone-tabs button");
  if (await tabs.first().isVisible()) return tabs.nth(2).click();
  await openDrawer(page);
  await page.locator(".drawer [role=tab]").nth(1).click();
}

/** It is open by itself where there is room beside the figure. */
async function openDrawer(page) {
  if ((await page.locator(".drawer").count()) === 0) await page.locator(".head [aria-pressed]").first().click();
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1100, height: 800 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
const SCHEMES = ["light", "dark"];
const LOCALES = ["en", "zh-CN"];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });

const shots = STATES.flatMap((state) =>
  LOCALES.flatMap((locale) =>
    SCHEMES.flatMap((colorScheme) =>
      SIZES.map((viewport) => ({
        ...state,
        locale,
        colorScheme,
        viewport,
        file: `${state.name}-${locale}-${colorScheme}-${viewport.width}x${viewport.height}.png`,
      })),
    ),
  ),
).filter(({ file }) => file.includes(values.filter));

if (shots.length === 0) {
  console.error(`no picture's name contains "${values.filter}"`);
  process.exit(1);
}

await mkdir(here("../shots"), { recursive: true });
const server = await serve(here("../dist"), "/");
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch(launchOptions);
let failed = 0;
const left = [...shots];
// Two at a time: a picture is mostly waiting.
await Promise.all([work(), work()]);
await browser.close();
server.close();
if (failed > 0) console.error(`${failed} of ${shots.length} pictures failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function work() {
  for (let shot = left.shift(); shot; shot = left.shift()) {
    try {
      await take(shot);
      console.log(`shots/${shot.file}`);
    } catch (error) {
      failed += 1;
      console.error(`FAILED ${shot.file}: ${error.message}`);
    }
  }
}

/** A fresh context each, so that nothing remembered leaks from one picture into the next. */
async function take({ search = "?nodemo", hash = "", prepare, locale, colorScheme, viewport, file }) {
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport,
    reducedMotion: "reduce",
    serviceWorkers: "block",
    hasTouch: viewport.width < 800,
  });
  try {
    const page = await context.newPage();
    await page.goto(address + search + hash);
    await page.locator("html[data-app=ready]").waitFor({ timeout: 30_000 });
    await prepare?.(page);
    await page.evaluate(() => document.fonts.ready);
    // Choices and drawer follow when the reader rests.
    await page.waitForTimeout(500);
    await page.screenshot({ path: here(`../shots/${file}`) });
  } finally {
    await context.close();
  }
}
